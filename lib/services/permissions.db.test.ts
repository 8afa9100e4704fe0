import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import type { Role } from "@/lib/domain/permissions";
import { exportAudit } from "./audit/export";
import { listAudit } from "./audit/list";
import { listAuditActors } from "./audit/list-actors";
import { verifyStoredChain } from "./audit/verify-stored";
import { changeUpstream } from "./instances/change-upstream";
import { createInstance } from "./instances/create";
import { listInstances } from "./instances/list";
import { pauseInstance } from "./instances/pause";
import { readInstance } from "./instances/read";
import { regenerateInstanceToken } from "./instances/regenerate-token";
import { removeInstance } from "./instances/remove";
import { renameInstance } from "./instances/rename";
import { resumeInstance } from "./instances/resume";
import { revealInstanceToken } from "./instances/reveal-token";
import { readOverview } from "./overview/read";
import { readRejected } from "./rejections/list";
import { watchAfterActivation } from "./rejections/watch";
import { activateSecurityToken } from "./security-token/activate";
import { configureSecurityToken } from "./security-token/configure";
import { deactivateSecurityToken } from "./security-token/deactivate";
import { readSecurityToken } from "./security-token/read";
import { regenerateSecurityToken } from "./security-token/regenerate";
import { removeSecurityToken } from "./security-token/remove";
import { listSessions } from "./session/list";
import { revokeSession } from "./session/revoke";
import { revokeOtherSessions } from "./session/revoke-others";
import { makeAccount, makeActor } from "./testing/actors";
import { refusedWith } from "./testing/refused";
import { trail } from "./testing/trail";
import { readTwoStep } from "./two-step/read";
import { regenerateRecoveryCodes } from "./two-step/regenerate-recovery-codes";
import { removeTotp } from "./two-step/remove-totp";
import { requireTwoStep } from "./two-step/require-for-everyone";
import { startTotp } from "./two-step/start-totp";

type UseCase = (actor: Actor, instanceId: string) => Promise<unknown>;

const everyone: readonly Role[] = ["owner", "admin", "viewer"];
const changers: readonly Role[] = ["owner", "admin"];

/** Every use case that takes an instance's id, and who may call it. */
const onInstances: [name: string, roles: readonly Role[], call: UseCase][] = [
  ["readInstance", everyone, (actor, instanceId) => readInstance(actor, { instanceId })],
  ["renameInstance", changers, (actor, instanceId) => renameInstance(actor, { instanceId, name: "Other" })],
  [
    "changeUpstream",
    changers,
    (actor, instanceId) => changeUpstream(actor, { instanceId, upstreamUrl: "", headers: [] }),
  ],
  ["pauseInstance", changers, (actor, instanceId) => pauseInstance(actor, { instanceId })],
  ["resumeInstance", changers, (actor, instanceId) => resumeInstance(actor, { instanceId })],
  ["revealInstanceToken", changers, (actor, instanceId) => revealInstanceToken(actor, { instanceId })],
  [
    "regenerateInstanceToken",
    changers,
    (actor, instanceId) => regenerateInstanceToken(actor, { instanceId }),
  ],
  [
    "removeInstance",
    changers,
    (actor, instanceId) => removeInstance(actor, { instanceId, confirmName: "Other" }),
  ],
];

/** Every other one. */
const onAccounts: [name: string, roles: readonly Role[], call: UseCase][] = [
  ["listInstances", everyone, (actor) => listInstances(actor)],
  ["createInstance", changers, (actor) => createInstance(actor, { name: "New" })],
  ["readSecurityToken", everyone, readSecurityToken],
  ["configureSecurityToken", changers, configureSecurityToken],
  ["regenerateSecurityToken", changers, regenerateSecurityToken],
  ["activateSecurityToken", changers, activateSecurityToken],
  ["deactivateSecurityToken", changers, deactivateSecurityToken],
  ["removeSecurityToken", changers, removeSecurityToken],
  ["listAudit", everyone, (actor) => listAudit(actor)],
  ["listAuditActors", everyone, listAuditActors],
  ["verifyStoredChain", everyone, verifyStoredChain],
  ["exportAudit", changers, (actor) => exportAudit(actor, { format: "jsonl" })],
  ["readOverview", everyone, readOverview],
  ["readRejected", everyone, (actor) => readRejected(actor)],
  ["watchAfterActivation", everyone, watchAfterActivation],
  ["listSessions", everyone, listSessions],
  ["revokeOtherSessions", everyone, revokeOtherSessions],
  ["readTwoStep", everyone, readTwoStep],
  ["startTotp", everyone, startTotp],
  ["removeTotp", everyone, removeTotp],
  ["regenerateRecoveryCodes", everyone, regenerateRecoveryCodes],
  ["requireTwoStep", ["owner"], (actor) => requireTwoStep(actor, { required: false })],
];

let accountId: string;
let instanceId: string;

beforeAll(async () => {
  const owner = await makeActor();
  accountId = owner.accountId;
  instanceId = (await createInstance(owner, { name: "Bread" })).instanceId;
});

describe.each(["owner", "admin", "viewer"] as const)("%s", (role) => {
  test.each([...onInstances, ...onAccounts])("%s", async (_name, roles, call) => {
    const account = await makeAccount();
    const owner = await makeActor("owner", account);
    const own = await createInstance(owner, { name: "Other" });
    const actor = await makeActor(role, account);
    const outcome = await call(actor, own.instanceId).then(
      () => "done",
      (error: { code?: string }) => error.code,
    );
    // `conflict` says that the state machine, not the role, refused this step.
    const expected = roles.includes(role) ? ["done", "conflict"] : ["forbidden"];
    expect(expected).toContain(outcome);
  });

  test("an unknown role may do nothing", async () => {
    const actor = { ...(await makeActor(role)), role: "guest" as Role };
    for (const [, , call] of [...onInstances, ...onAccounts]) {
      expect(await refusedWith(call(actor, instanceId))).toBe("forbidden");
    }
  });
});

describe("another account's owner", () => {
  test.each(onInstances)("%s finds nothing", async (_name, _roles, call) => {
    const stranger = await makeActor("owner");
    const before = await db.instance.findUniqueOrThrow({ where: { id: instanceId } });
    const [foreign, unknown] = [instanceId, "0".repeat(20)];
    for (const id of [foreign, unknown, "", "../..", "a\0b", "x".repeat(5000)]) {
      expect(await refusedWith(call(stranger, id))).toBe("not_found");
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
    await activateSecurityToken(stranger);
    const account = await db.account.findUniqueOrThrow({ where: { id: accountId } });
    expect(account.enforcement).toBe("off");
    expect(await trail({ accountId })).toEqual(events);
    const session = await db.session.findFirstOrThrow({ where: { accountId } });
    expect(await refusedWith(revokeSession(stranger, { sessionId: session.id }))).toBe("not_found");
    await revokeOtherSessions(stranger);
    expect(await db.session.findUniqueOrThrow({ where: { id: session.id } })).toEqual(session);
  });
});
