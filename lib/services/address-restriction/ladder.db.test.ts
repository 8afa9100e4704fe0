import { beforeEach, describe, expect, test } from "vitest";
import { readPolicy } from "@/lib/db/policy";
import type { Actor } from "@/lib/domain/actor";
import { atOnce, epochOf, makeActor, refusedWith, trail } from "@/test/support/accounts";
import { addCaller, everybodyNamed, minutesAgo } from "@/test/support/callers";
import { dismissCaller } from "../callers/change";
import { createInstance } from "../instances/change";
import { enforceAddresses, observeAddresses, stopEnforcingAddresses, stopObservingAddresses } from "./mode";
import { forecastAddresses, readAddressRestriction } from "./read";
import { addAddressLines, removeAddressRule } from "./rules";

let actor: Actor;
let instanceId: string;

beforeEach(async () => {
  actor = await makeActor();
  instanceId = (await createInstance(actor, { name: "Bread" })).instanceId;
});

const days = (count: number) => minutesAgo(count * 24 * 60);
const list = (...cidrs: string[]) => addAddressLines(actor, { text: cidrs.join("\n") });
const caller = (agent: string, address: string, more = {}) =>
  addCaller(actor, instanceId, { agent, address, token: "missing", ...more });
const enforce = async (confirmation = "") =>
  enforceAddresses(actor, { confirmation, named: await everybodyNamed(actor) });
const mode = async () => (await readPolicy(instanceId))?.addressMode;

async function remove(cidr: string, confirmation = "") {
  const { rules } = await readAddressRestriction(actor);
  const ruleId = rules.find((rule) => rule.cidr === cidr)?.id ?? "";
  return removeAddressRule(actor, { ruleId, confirmation, named: await everybodyNamed(actor) });
}

describe("the ladder", () => {
  test("goes off, observe, enforce and back, one step at a time, and every step reaches the gate", async () => {
    await list("203.0.113.0/24");
    const epoch = await epochOf(actor);
    expect(await refusedWith(enforce())).toBe("conflict");
    expect(await refusedWith(stopEnforcingAddresses(actor))).toBe("conflict");
    expect(await refusedWith(stopObservingAddresses(actor))).toBe("conflict");
    await observeAddresses(actor);
    expect(await mode()).toBe("observe");
    expect(await refusedWith(observeAddresses(actor))).toBe("conflict");
    await enforce();
    const policy = await readPolicy(instanceId);
    expect(policy).toMatchObject({ addressMode: "enforce", epoch: epoch + 2n });
    expect(policy?.addresses.includes("203.0.113.77")).toBe(true);
    expect(policy?.addresses.includes("203.0.114.1")).toBe(false);
    expect(await refusedWith(stopObservingAddresses(actor))).toBe("conflict");
    await stopEnforcingAddresses(actor);
    await stopObservingAddresses(actor);
    expect(await mode()).toBe("off");
    expect(await epochOf(actor)).toBe(epoch + 4n);
    expect((await trail(actor)).slice(2)).toEqual([
      "address.observed",
      "address.enforced",
      "address.released",
      "address.ended",
    ]);
  });

  test("an empty list is observed, but never enforced", async () => {
    await observeAddresses(actor);
    expect(await refusedWith(enforce(actor.accountName))).toBe("invalid rules:addresses_none");
    expect(await mode()).toBe("observe");
  });

  test("the last entry of an enforced list stays, also when two are removed at once", async () => {
    await list("203.0.113.9", "203.0.113.10");
    await observeAddresses(actor);
    await enforce();
    const { rules } = await readAddressRestriction(actor);
    const clicks = await atOnce(
      actor,
      (position) => removeAddressRule(actor, { ruleId: rules[position]?.id ?? "" }),
      2,
    );
    expect(clicks.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const left = (await readAddressRestriction(actor)).rules;
    expect(left).toHaveLength(1);
    expect(await refusedWith(remove(left[0]?.cidr ?? "", actor.accountName))).toBe(
      "invalid ruleId:address_last",
    );
    await stopEnforcingAddresses(actor);
    await remove(left[0]?.cidr ?? "");
    expect((await readAddressRestriction(actor)).rules).toEqual([]);
  });

  test("of several clicks at once on Enforce one counts", async () => {
    await list("203.0.113.9");
    await observeAddresses(actor);
    const clicks = await atOnce(actor, () => enforce());
    expect(clicks.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await trail(actor)).filter((action) => action === "address.enforced")).toHaveLength(1);
  });
});

describe("nobody in use is locked out without the account's name", () => {
  beforeEach(async () => {
    await list("203.0.113.0/24", "10.0.0.0/8");
    await observeAddresses(actor);
  });

  const coming = async () => {
    const forecast = await forecastAddresses(actor, { ruleId: null });
    const named = (group: "rejected" | "maybe") => forecast?.[group].callers.map(({ agent }) => agent);
    return [named("rejected"), named("maybe"), forecast?.untouched];
  };

  test("enforcing asks for it exactly when a caller is not on the list, however long ago it called", async () => {
    await caller("shop", "203.0.113.9");
    expect(await coming()).toEqual([[], [], 1]);
    await enforce();
    await stopEnforcingAddresses(actor);
    const old = await caller("old", "198.51.100.1", { at: days(8) });
    expect(await coming()).toEqual([[], ["old"], 1]);
    expect(await refusedWith(enforce()), "nobody knows where it calls from by now").toBe(
      "invalid confirmation:required",
    );
    await dismissCaller(actor, { callerId: old, lastSeenAt: days(7.9) });
    expect(await forecastAddresses(actor, { ruleId: null })).toMatchObject({ dismissed: 1 });
    await enforce();
    await stopEnforcingAddresses(actor);
    await caller("n8n", "198.51.100.2", { at: days(6) });
    expect(await coming()).toEqual([["n8n"], [], 1]);
    expect(await refusedWith(enforce())).toBe("invalid confirmation:required");
    expect(await refusedWith(enforce("Somebody else"))).toBe("invalid confirmation:name_mismatch");
    expect(await mode()).toBe("observe");
    await enforce(` ${actor.accountName} `);
    expect(await mode()).toBe("enforce");
  });

  test("a caller that appears between the page and the click counts", async () => {
    expect(await coming()).toEqual([[], [], 0]);
    const clicks = atOnce(actor, () => enforce(), 1);
    // Written while the click waits for the account's row.
    await caller("n8n", "198.51.100.2");
    const [click] = await clicks;
    expect(click).toMatchObject({ status: "rejected", reason: { code: "invalid" } });
    expect(await mode()).toBe("observe");
  });

  test("callers that are not kept apart may be anywhere, so they count too", async () => {
    await addCaller(actor, instanceId, { agent: "", token: "missing", others: true });
    expect((await readAddressRestriction(actor)).forecast).toMatchObject({
      total: 0,
      unknown: 1,
    });
    expect(await forecastAddresses(actor, { ruleId: null })).toMatchObject({
      maybe: { total: 0, others: 1 },
    });
    expect(await refusedWith(enforce())).toBe("invalid confirmation:required");
  });

  test("removing an entry asks for it when a caller depends on it; before enforcing it asks nothing", async () => {
    await caller("shop", "203.0.113.9");
    await list("203.0.113.9", "192.0.2.1");
    await enforce();
    await remove("192.0.2.1");
    await remove("203.0.113.9");
    const { rules } = await readAddressRestriction(actor);
    const range = rules.find(({ cidr }) => cidr === "203.0.113.0/24");
    const forecast = await forecastAddresses(actor, { ruleId: range?.id ?? "" });
    expect(forecast).toMatchObject({ change: "addresses", rejected: { total: 1 }, maybe: { total: 0 } });
    expect(forecast?.rejected.callers[0]).toMatchObject({
      agent: "shop",
      instanceName: "Bread",
      requests: 1,
    });
    expect(await refusedWith(remove("203.0.113.0/24"))).toBe("invalid confirmation:required");
    await remove("203.0.113.0/24", actor.accountName);
    await stopEnforcingAddresses(actor);
    await remove("10.0.0.0/8");
  });

  test("callers of other accounts say nothing about this one", async () => {
    const stranger = await makeActor();
    const theirs = (await createInstance(stranger, { name: "Cake" })).instanceId;
    await addCaller(stranger, theirs, { agent: "n8n", address: "198.51.100.2", token: "missing" });
    await enforce();
    expect(await mode()).toBe("enforce");
  });
});

test("observing names who would be rejected, enforcing who was", async () => {
  await list("203.0.113.0/24");
  await caller("shop", "203.0.113.9");
  await caller("n8n", "198.51.100.2", { requests: 7 });
  expect((await readAddressRestriction(actor)).forecast).toBeNull();
  await observeAddresses(actor);
  const observed = await readAddressRestriction(actor);
  expect(observed.forecast).toMatchObject({ total: 1, passing: 1 });
  expect(observed.forecast?.callers).toMatchObject([
    { agent: "n8n", address: "198.51.100.2", instanceName: "Bread", requests: 7 },
  ]);
  await enforce(actor.accountName);
  await caller("bot", "198.51.100.3", { token: "none", outcome: "address", requests: 3 });
  await caller("older", "198.51.100.4", { token: "none", outcome: "address", hoursAgo: 30 });
  expect((await readAddressRestriction(actor)).rejections).toMatchObject({
    total: 1,
    requests: 3,
    callers: [{ agent: "bot", requests: 3 }],
  });
});
