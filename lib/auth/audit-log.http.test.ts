import { readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { lineOf } from "@/lib/domain/audit-chain";
import { chainColumns, toChainedEvent } from "@/lib/services/audit/chain";
import { makeActor } from "@/test/support/accounts";
import { base, builtActions, callAction, cookieOf } from "@/test/support/browser-request";

afterAll(() => pool().end());

test("the running dashboard prints each event once, as the export would have it, with what could end a line escaped", async () => {
  const owner = await makeActor();
  const { accountId } = owner;
  const action = builtActions().find(({ name }) => name === "createInstanceAction");
  if (!action) throw new Error("no action");
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
    rows.map((row) => lineOf(toChainedEvent(row))),
  );
});
