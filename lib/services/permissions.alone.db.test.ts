import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeAccountEvents } from "@/lib/db/account-events";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { can, type Role } from "@/lib/domain/permissions";
import { makeAccount, makeActor, refusedWith, shownToken, trail } from "@/test/support/accounts";
import { declaredUseCases, onInstances, serviceSources, useCases } from "@/test/support/use-cases";
import { listAudit } from "./audit/list";
import { createInstance } from "./instances/change";
import { listInstances } from "./instances/read";
import { configureSecurityToken } from "./security-token/configure";
import { activateSecurityToken } from "./security-token/enforcement";
import { revokeOtherSessions, revokeSession } from "./session/end-sessions";

// One connection for everything: a use case that asks for a second while it holds one never answers. With
// more of them it still would, as soon as as many came at once.
process.env.DATABASE_CONNECTIONS = "1";

/** What was answered: `done`, or the code of a refusal. Anything else is thrown. */
async function answer(call: () => unknown): Promise<string> {
  try {
    await call();
    return "done";
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

/** Answers that come before a use case has looked at anything. */
const shutOut = ["forbidden", "unauthenticated", "proof_required", "two_step_required"];

let accountId: string;
let instanceId: string;

beforeAll(async () => {
  const owner = await makeActor();
  accountId = owner.accountId;
  instanceId = (await createInstance(owner, { name: "Bread" })).instanceId;
});

afterAll(closeAccountEvents);

describe.each(["owner", "admin", "viewer"] as const)("%s", (role) => {
  let actor: Actor;
  let own: string;

  beforeAll(async () => {
    const account = await makeAccount();
    own = (await createInstance(await makeActor("owner", account), { name: "Other" })).instanceId;
    actor = await makeActor(role, account);
  });

  test.each([...Object.entries(onInstances), ...Object.entries(useCases)])(
    "%s",
    async (_name, [permission, call]) => {
      const events = await trail(actor);
      const outcome = await answer(() => call(actor, own));
      if (can(role, permission)) return expect(shutOut).not.toContain(outcome);
      expect(outcome).toBe("forbidden");
      expect(await trail(actor)).toEqual(events);
    },
  );

  test("an unknown role may do nothing", async () => {
    const guest = { ...actor, role: "guest" as Role };
    for (const [name, [, call]] of [...Object.entries(onInstances), ...Object.entries(useCases)]) {
      expect([name, await answer(() => call(guest, own))]).toEqual([name, "forbidden"]);
    }
  });
});

describe("another account's owner", () => {
  test.each(Object.entries(onInstances))("%s finds nothing", async (_name, [, call]) => {
    const stranger = await makeActor("owner");
    await configureSecurityToken(stranger);
    const before = await db.instance.findUniqueOrThrow({ where: { id: instanceId } });
    const [foreign, unknown] = [instanceId, "0".repeat(20)];
    for (const id of [foreign, unknown, "", "../..", "a\0b", "x".repeat(5000)]) {
      expect(await answer(() => call(stranger, id))).toBe("not_found");
    }
    expect(await db.instance.findUniqueOrThrow({ where: { id: instanceId } })).toEqual(before);
  });

  test("sees and touches nothing else either", async () => {
    const stranger = await makeActor("owner");
    expect((await listInstances(stranger)).total).toBe(0);
    expect((await listInstances(stranger, { search: instanceId })).matching).toBe(0);
    const seen = await listAudit(stranger);
    expect(seen.entries.map(({ action }) => action)).toEqual(["session.signed_in"]);
    const events = await trail({ accountId });
    await configureSecurityToken(stranger);
    await activateSecurityToken(stranger, await shownToken(stranger));
    const account = await db.account.findUniqueOrThrow({ where: { id: accountId } });
    expect(account.enforcement).toBe("off");
    expect(await trail({ accountId })).toEqual(events);
    const session = await db.session.findFirstOrThrow({ where: { accountId } });
    expect(await refusedWith(revokeSession(stranger, { sessionId: session.id }))).toBe("not_found");
    await revokeOtherSessions(stranger);
    expect(await db.session.findUniqueOrThrow({ where: { id: session.id } })).toEqual(session);
  });
});

/** What decides about roles rather than asking, and what only carries one on. */
const inner = [
  "authorize",
  "change",
  "changeAddresses",
  "recordingRejections",
  "requirePassword",
  "requireProof",
  "takeStep",
];

/** An exported function, or one held by a constant, whose first parameter is an actor, taken apart or not. */
const takesActor =
  /^export (?:default )?(?:(?:async )?function\*? ?|const )(\w+)(?: = (?:async )?)?(?:<[^(]*>)?\(\s*(?:\w+|\{[^}]*\}): (?:Readonly<)?Actor\b/gm;

/** The names of such functions in a source. */
function actorFirst(source: string): string[] {
  return [...source.matchAll(takesActor)].map(([, name]) => name ?? "");
}

/** The use cases of an account that are written by hand, in whichever file. */
function writtenByHand(): string[] {
  return serviceSources
    .flatMap((file) => actorFirst(readFileSync(`lib/services/${file}`, "utf8")))
    .filter((name) => !inner.includes(name));
}

test.each([
  "export async function tryIt(actor: Actor): Promise<void> {",
  "export function tryIt<T>(\n  actor: Actor,\n  work: () => T,\n): T {",
  "export async function* tryIt(actor: Actor) {",
  "export function tryIt({ userId, email }: Actor) {",
  "export function tryIt(member: Readonly<Actor>) {",
  "export const tryIt = async (actor: Actor) => {",
])("a use case is known by taking an actor first: %j", (source) => {
  expect(actorFirst(source)).toEqual(["tryIt"]);
});

const trials = { ...onInstances, ...useCases };

test("every use case is tried here with every role, as one that needs what it says itself", async () => {
  const declared = await declaredUseCases();
  expect([...declared.keys(), ...writtenByHand()].sort()).toEqual(Object.keys(trials).sort());
  for (const [name, { permission }] of declared)
    expect([name, permission]).toEqual([name, trials[name]?.[0]]);
});
