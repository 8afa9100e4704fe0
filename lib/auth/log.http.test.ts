import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { lineOf as chainLineOf } from "@/lib/domain/audit-chain";
import { chainColumns, toChainedEvent } from "@/lib/services/audit/chain";
import { makeActor } from "@/test/support/accounts";
import { base, callAction, cookieOf } from "@/test/support/browser-request";
import { builtActions } from "@/test/support/built-actions";

/** What the dashboard under test has written of one client. Others fill its budget of lines now and then. */
const logged = (address: string) =>
  readFileSync("test-results/http-dashboard.log", "utf8")
    .split("\n")
    .filter((line) => line.includes(`"${address}"`));

const typed = "hunter2";

const actionNamed = (name: string) => {
  const action = builtActions().find((each) => each.name === name);
  if (!action) throw new Error(`no action ${name}`);
  return action;
};

async function lineOf(address: string, ask: () => Promise<Response>): Promise<Record<string, unknown>> {
  await expect
    .poll(async () => (await ask()) && logged(address).length, { timeout: 15_000 })
    .toBeGreaterThan(0);
  expect(logged(address).join()).not.toContain(typed);
  return JSON.parse(logged(address)[0] ?? "");
}

describe("an attempt to get around a control is a line of the log that holds nothing of what was sent", () => {
  test("a call that another site makes a browser send", async () => {
    const address = "198.51.100.71";
    const headers = { "x-forwarded-for": address, origin: `https://${typed}.example` };
    const ask = () =>
      fetch(`${base}/instances/${typed}?q=${typed}`, { method: "POST", headers, body: typed });
    expect(await lineOf(address, ask)).toMatchObject({
      level: 40,
      name: "dashboard",
      msg: "request refused",
      refused: "other_site",
      check: "origin",
      method: "POST",
      page: "/instances/{…}",
      address,
    });
  });

  test("input that the schema of an action does not take", async () => {
    const address = "198.51.100.73";
    const owner = await makeActor("owner");
    const headers = { cookie: await cookieOf(owner), "x-forwarded-for": address };
    const values = { name: typed.repeat(50), upstreamUrl: `ftp://${typed}`, [typed]: typed };
    const ask = () => callAction(actionNamed("createInstanceAction"), headers, values);
    expect(await lineOf(address, ask)).toMatchObject({
      msg: "input refused",
      refused: "invalid",
      person: owner.userId,
      page: expect.stringMatching(/^\/[a-z]+(?:\/\{…\})?$/),
      fields: expect.arrayContaining(["name: too_long", "upstreamUrl: url_scheme"]),
    });
  });

  test("a call without a session", async () => {
    const address = "198.51.100.74";
    const ask = () =>
      callAction(actionNamed("createInstanceAction"), { "x-forwarded-for": address }, { name: typed });
    expect(await lineOf(address, ask)).toMatchObject({ msg: "call refused", refused: "unauthenticated" });
  });
});

test("the running dashboard prints each event once, as the export would have it, with what could end a line escaped", async () => {
  const owner = await makeActor();
  const { accountId } = owner;
  const action = actionNamed("createInstanceAction");
  const cookie = await cookieOf(owner);
  for (const name of ['Bäckerei \u2028\u0085 "x"', "Two"])
    await callAction(action, { cookie, origin: base }, { name });
  const rows = await db.auditEvent.findMany({
    where: { accountId, action: "instance.created" },
    orderBy: { seq: "asc" },
    select: chainColumns,
  });
  expect(rows).toHaveLength(2);
  const lines = readFileSync("test-results/http-dashboard.log", "utf8")
    .split("\n")
    .filter((line) => line.includes('"name":"audit"') && line.includes(accountId));
  expect(lines.join("")).not.toMatch(/[\u2028\u0085]/);
  expect(lines.map((line) => JSON.stringify(JSON.parse(line).event))).toEqual(
    rows.map((row) => chainLineOf(toChainedEvent(row))),
  );
});
