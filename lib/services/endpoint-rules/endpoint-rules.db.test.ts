import { beforeEach, describe, expect, test } from "vitest";
import { readPolicy } from "@/lib/db/policy";
import { pool } from "@/lib/db/pool";
import { forgetOldTraffic } from "@/lib/db/traffic";
import type { Actor } from "@/lib/domain/actor";
import { packEndpointRules } from "@/lib/domain/endpoint-rule";
import { atOnce, epochOf, makeActor, refusedWith, trail } from "@/test/support/accounts";
import { addCaller, addEndpoint, minutesAgo } from "@/test/support/callers";
import { createInstance } from "../instances/change";
import { forecastEndpoints, readEndpointRules } from "./read";
import { changeEndpointRules, stepEndpointRules } from "./rules";

let actor: Actor;
let instanceId: string;

beforeEach(async () => {
  actor = await makeActor();
  instanceId = (await createInstance(actor, { name: "Bread" })).instanceId;
});

const parts = (rule: string) => {
  const [method = "", path = ""] = rule.split(" ");
  return { method, path };
};
type Change = Parameters<typeof changeEndpointRules>[1]["change"];
const change = (wanted: Change, confirmation = "") =>
  changeEndpointRules(actor, { instanceId, change: wanted, confirmation });
const adding = (...rules: string[]): Change => ({ what: "add", rules: rules.map(parts) });
const step = (to: Parameters<typeof stepEndpointRules>[1]["step"], confirmation = "") =>
  stepEndpointRules(actor, { instanceId, step: to, confirmation });
const applied = async () => (await readPolicy(instanceId))?.endpoints;
const view = () => readEndpointRules(actor, { instanceId });
const forecast = (wanted: Change | null) => forecastEndpoints(actor, { instanceId, change: wanted });

const deleting = "DELETE /instance/delete/{instance}";
const sending = "POST /send-text";

/** A caller, and what it calls, as a gate writes it down. */
async function calls(
  agent: string,
  endpoints: readonly string[],
  more: { at?: Date; others?: boolean } = {},
) {
  const { at = new Date(), others = false } = more;
  const id = await addCaller(actor, instanceId, { agent, token: "missing", at, others });
  await pool().query(`UPDATE "Caller" SET "acceptedAt" = "lastSeenAt" WHERE "id" = $1`, [id]);
  for (const endpoint of endpoints) await addEndpoint(id, endpoint, at);
  return id;
}

describe("the ladder of endpoint rules", () => {
  test("goes off, observe, enforce and back, and reaches the gate while it is enforced", async () => {
    await change(adding(deleting, "* /admin/*"));
    const epoch = await epochOf(actor);
    expect(await refusedWith(step("enforce"))).toBe("conflict");
    await step("observe");
    expect(await applied()).toBeNull();
    await step("enforce");
    expect(await applied()).toBe(packEndpointRules("except", [deleting, "* /admin/{*}"]));
    await step("stop_enforcing");
    expect(await applied()).toBeNull();
    await step("stop_observing");
    expect(await epochOf(actor), "what alters no decision is not announced").toBe(epoch + 2n);
    expect((await trail(actor)).slice(-5)).toEqual([
      "endpoint.added",
      "endpoint.observed",
      "endpoint.enforced",
      "endpoint.released",
      "endpoint.ended",
    ]);
  });

  test("is never climbed without a rule, and the last one stays while it is enforced", async () => {
    await step("observe");
    expect(await refusedWith(step("enforce", "Bread"))).toBe("invalid rules:endpoints_none");
    await change(adding(deleting));
    await step("enforce");
    expect(await refusedWith(change({ what: "remove", rule: deleting }))).toBe("invalid rule:endpoint_last");
    expect(await refusedWith(change({ what: "remove", rule: sending }))).toBe("not_found");
  });

  test("of several clicks at once on Enforce one counts", async () => {
    await change(adding(deleting));
    await step("observe");
    const clicks = await atOnce(actor, () => step("enforce"), 3);
    expect(clicks.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

describe("rules", () => {
  test("are kept in one form, once each, 50 at most, and only what can be understood", async () => {
    await change(adding("DELETE /chats/{id}", "DELETE /chats/{}"));
    expect((await view()).rules.map(({ rule }) => rule)).toEqual(["DELETE /chats/{}"]);
    expect(await refusedWith(change(adding("DELETE /chats/{x}")))).toBe("invalid path:endpoint_listed");
    expect(await refusedWith(change(adding("DELETE /a//b")))).toBe(
      "invalid change.rules.0.path:endpoint_invalid",
    );
    expect(await refusedWith(change(adding("delete /a")))).toBe(
      "invalid change.rules.0.path:endpoint_invalid",
    );
    expect(await refusedWith(change(adding("GET ")))).toBe("invalid change.rules.0.path:required");
    await change(adding(...Array.from({ length: 49 }, (_, n) => `GET /v${n}`)));
    expect(await refusedWith(change(adding("GET /more")))).toBe("invalid path:endpoints_too_many");
  });

  test("of another account's instance can be neither seen nor changed", async () => {
    const other = await makeActor();
    const elsewhere = { instanceId };
    expect(await refusedWith(readEndpointRules(other, elsewhere))).toBe("not_found");
    expect(await refusedWith(stepEndpointRules(other, { ...elsewhere, step: "observe" }))).toBe("not_found");
  });
});

describe("what rules would do", () => {
  test("is said by caller and endpoint while they are observed, from what gates wrote down", async () => {
    await calls("n8n", [sending]);
    await calls("script", [sending, "DELETE /instance/delete/{}"]);
    await change(adding(deleting));
    await step("observe");
    const { forecast: seen, rules, seen: called } = await view();
    expect(seen).toMatchObject({
      total: 1,
      others: false,
      passing: 1,
      callers: [{ agent: "script", endpoints: ["DELETE /instance/delete/{}"], requests: 5 }],
    });
    expect(rules).toMatchObject([{ rule: deleting, requests: 5 }]);
    expect(called).toMatchObject([
      { method: "POST", path: "/send-text", callers: 2, requests: 10, verdict: "passes" },
      { path: "/instance/delete/{}", verdict: "rejected" },
    ]);
    await change({ what: "kind", kind: "only" });
    expect((await view()).forecast).toMatchObject({ total: 2, passing: 0 });
  });

  test("asks for the instance's name exactly when the forecast names somebody, and then does nothing without it", async () => {
    await calls("script", [sending, deleting]);
    await change(adding("GET /qr"));
    await step("observe");
    expect(await forecast(null)).toMatchObject({ rejected: { total: 0 }, maybe: { total: 0 }, untouched: 1 });
    await step("enforce");
    expect(await forecast(adding(deleting))).toMatchObject({
      rejected: { total: 1, callers: [{ agent: "script", endpoints: [deleting] }] },
    });
    expect(await refusedWith(change(adding(deleting)))).toBe("invalid confirmation:required");
    expect(await refusedWith(change(adding(deleting), "Butter"))).toBe("invalid confirmation:name_mismatch");
    expect(await applied()).toBe(packEndpointRules("except", ["GET /qr"]));
    await change(adding(deleting), "Bread");
    expect(await forecast({ what: "remove", rule: "GET /qr" })).toBeNull();
    await change({ what: "remove", rule: "GET /qr" });
    expect(await refusedWith(change({ what: "kind", kind: "only" }))).toBe("invalid confirmation:required");
    await change({ what: "kind", kind: "only" }, "Bread");
    expect(await forecast(adding("GET /x"))).toBeNull();
    await change(adding("GET /x"));
    expect(await refusedWith(change({ what: "remove", rule: deleting }))).toBe(
      "invalid confirmation:required",
    );
  });

  test("is not known of who calls more than is remembered, called before that was, or has not for a week", async () => {
    await calls("old", [deleting], { at: minutesAgo(8 * 24 * 60) });
    await calls("before", []);
    const many = await calls("many", [sending]);
    await pool().query(`UPDATE "Caller" SET "moreEndpointsAt" = now() WHERE "id" = $1`, [many]);
    await calls("", [sending], { others: true });
    await change(adding(deleting));
    await step("observe");
    expect(await forecast(null)).toMatchObject({ rejected: { total: 0 }, maybe: { total: 3, others: 0 } });
    expect(await refusedWith(step("enforce"))).toBe("invalid confirmation:required");
  });

  test("is forgotten with the traffic", async () => {
    const id = await calls("script", [sending, deleting]);
    await pool().query(
      `UPDATE "CallerEndpoint" SET "lastAt" = $2 WHERE "callerId" = $1 AND "method" = 'DELETE'`,
      [id, minutesAgo(31 * 24 * 60)],
    );
    await forgetOldTraffic();
    expect((await view()).seen.map(({ path }) => path)).toEqual(["/send-text"]);
  });
});
