import { beforeEach, describe, expect, test, vi } from "vitest";
import { afterCommit, inTransaction } from "@/lib/db/transaction";
import { AuditVerification } from "@/lib/domain/audit-verification";
import { canonicalJson, type Json } from "@/lib/domain/canonical-json";
import { invalidField } from "@/lib/domain/errors";
import { makeAccount, makeActor } from "@/test/support/accounts";
import { createInstance, renameInstance } from "../instances/change";
import { changeUseCase } from "../use-case";
import { appendAudit } from "./append";

interface Line {
  readonly event: { readonly [member: string]: Json };
}

const printed = vi.hoisted(() => ({ lines: [] as unknown[], broken: false, options: {} as object }));
vi.mock("pino", () => ({
  default: Object.assign(
    (options: object) => {
      printed.options = options;
      const info = (facts: object) => {
        if (printed.broken) throw new Error("ENOSPC");
        // As it is written.
        printed.lines.push(JSON.parse(JSON.stringify(facts)));
      };
      return { info, warn: () => {}, error: () => {} };
    },
    { destination: () => undefined },
  ),
}));
vi.hoisted(() => {
  process.env.AUDIT_LOG = "on";
});

const linesOf = (accountId: string) =>
  (printed.lines as Line[]).map(({ event }) => event).filter(({ account }) => account === accountId);

const anyEvent = {
  action: "instance.renamed",
  actorUserId: null,
  actorLabel: "",
  address: "10.0.0.1",
  userAgent: "Test",
} as const;

beforeEach(() => {
  printed.broken = false;
});

describe("what is recorded in the trail", () => {
  test("is one line each on standard output, which together are the chain and can be checked as it", async () => {
    const actor = await makeActor();
    const { instanceId } = await createInstance(actor, { name: "Shop" });
    await Promise.all(["One", "Two", "Three"].map((name) => renameInstance(actor, { instanceId, name })));
    const events = linesOf(actor.accountId).sort((a, b) => Number(a.seq) - Number(b.seq));
    expect(events.map(({ action }) => action)).toEqual([
      "session.signed_in",
      "instance.created",
      ...Array(3).fill("instance.renamed"),
    ]);
    const verification = new AuditVerification();
    for (const event of events) verification.take(JSON.stringify(event));
    expect(verification.end()).toMatchObject({ result: "unproven", reason: "no_checkpoint" });
    expect(events.map((event) => canonicalJson(event))).toEqual(events.map((event) => JSON.stringify(event)));
    expect(printed.options).toMatchObject({ name: "audit", level: "info" });
  });

  test("is printed after its commit and not before, and never when there is none", async () => {
    const actor = await makeActor();
    const before = linesOf(actor.accountId).length;
    await inTransaction(async (tx) => {
      await appendAudit(tx, { ...anyEvent, accountId: actor.accountId });
      expect(linesOf(actor.accountId)).toHaveLength(before);
    });
    expect(linesOf(actor.accountId)).toHaveLength(before + 1);
    const refuse = changeUseCase({
      permission: "instance.create",
      altersDecision: true,
      run: async ({ tx }) => {
        await appendAudit(tx, { ...anyEvent, accountId: actor.accountId });
        throw invalidField("name", "required");
      },
    });
    await expect(refuse(actor)).rejects.toThrow("invalid");
    expect(linesOf(actor.accountId)).toHaveLength(before + 1);
  });

  test("is recorded all the same when it cannot be printed", async () => {
    const accountId = await makeAccount();
    printed.broken = true;
    const rest = vi.fn();
    const result = await inTransaction(async (tx) => {
      await appendAudit(tx, { ...anyEvent, accountId });
      afterCommit(tx, rest);
      return "done";
    });
    expect([result, linesOf(accountId)]).toEqual(["done", []]);
    expect(rest).toHaveBeenCalledOnce();
    printed.broken = false;
    await inTransaction((tx) => appendAudit(tx, { ...anyEvent, accountId }));
    expect(linesOf(accountId).map(({ seq }) => seq)).toEqual([2]);
  });
});
