import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { provenPermissions } from "@/lib/domain/permissions";
import { proofSeconds } from "@/lib/domain/session";
import { epochOf, makeActor, refusedWith, signInAgain, trail } from "@/test/support/accounts";
import { declaredUseCases, everyAddressChange, serviceSources } from "@/test/support/use-cases";
import { changeRetention, deleteAccount } from "./account/account";
import { requestAddressChange } from "./account/email-address";
import { changeEndpointRules, stepEndpointRules } from "./endpoint-rules/rules";
import { linkIdentity, unlinkIdentity } from "./identities/link-identity";
import { exportInstanceSecrets } from "./import/export";
import { importInstances } from "./import/import";
import { createInstance, removeInstance, renameInstance, setInstancePaused } from "./instances/change";
import { changeInstanceNaming } from "./instances/change-naming";
import { regenerateInstanceToken, revealInstanceToken } from "./instances/token";
import { changeUpstream } from "./instances/upstream";
import { handOutInvitation, inviteMember, resendInvitation, withdrawInvitation } from "./members/invite";
import {
  changeMemberRole,
  endMemberSessions,
  leaveAccount,
  removeMember,
  transferOwnership,
} from "./members/members";
import { addPasskey, type NewPasskey, removePasskey, startPasskey } from "./passkeys/passkeys";
import { armSecurityToken, disarmSecurityToken } from "./security-token/armed";
import {
  configureSecurityToken,
  regenerateSecurityToken,
  removeSecurityToken,
} from "./security-token/configure";
import {
  activateOnReadyInstances,
  activateSecurityToken,
  deactivateSecurityToken,
  setInstanceEnforcement,
} from "./security-token/enforcement";
import { endGraceOf, protectKnownCallers, setGraceEnd } from "./security-token/grace";
import { finishRotation, rotateSecurityToken } from "./security-token/rotate";
import { changeService, removeService } from "./services/change";
import { revokeOtherSessions, revokeSession, signOut } from "./session/end-sessions";
import { regenerateRecoveryCodes } from "./two-step/recovery-codes";
import { confirmTotp, removeTotp, startTotp } from "./two-step/totp";
import { requireTwoStep } from "./two-step/two-step";

const site = { origin: "http://localhost", rpId: "localhost" };

/** Every use case that asks for a fresh proof. One that is not here fails a test below. */
const proven: Readonly<Record<string, (actor: Actor, instanceId: string) => Promise<unknown>>> = {
  changeUpstream: (actor, instanceId) =>
    changeUpstream(actor, { instanceId, upstreamUrl: "", headers: [], firstByteSeconds: "" }),
  changeInstanceNaming: (actor, instanceId) =>
    changeInstanceNaming(actor, { instanceId, label: "", hosts: [] }),
  changeService: (actor) =>
    changeService(actor, { serviceId: randomUUID(), name: "Api", routes: [], strayParameters: [] }),
  removeService: (actor) => removeService(actor, { serviceId: randomUUID(), confirmName: "Api" }),
  changeEndpointRules: (actor, instanceId) =>
    changeEndpointRules(actor, { instanceId, change: { what: "kind", kind: "only" } }),
  stepEndpointRules: (actor, instanceId) => stepEndpointRules(actor, { instanceId, step: "observe" }),
  importInstances: (actor) => importInstances(actor, { plan: "" }),
  exportInstanceSecrets: (actor) => exportInstanceSecrets(actor, { format: "csv" }),
  regenerateInstanceToken: (actor, instanceId) => regenerateInstanceToken(actor, { instanceId }),
  removeInstance: (actor, instanceId) => removeInstance(actor, { instanceId, confirmName: "Bread" }),
  revealInstanceToken: (actor, instanceId) => revealInstanceToken(actor, { instanceId }),
  activateSecurityToken: (actor) => activateSecurityToken(actor, { tokenId: "any" }),
  activateOnReadyInstances: (actor) => activateOnReadyInstances(actor, { tokenId: "any" }),
  armSecurityToken: (actor) => armSecurityToken(actor, { tokenId: "any" }),
  disarmSecurityToken: (actor) => disarmSecurityToken(actor),
  protectKnownCallers: (actor) => protectKnownCallers(actor, { tokenId: "any", days: 14 }),
  setGraceEnd: (actor) => setGraceEnd(actor, { until: new Date(Date.now() + 3_600_000) }),
  endGraceOf: (actor) => endGraceOf(actor, { callerId: randomUUID() }),
  configureSecurityToken: (actor) => configureSecurityToken(actor),
  deactivateSecurityToken: (actor) => deactivateSecurityToken(actor),
  finishRotation: (actor) => finishRotation(actor, { tokenId: "any" }),
  regenerateSecurityToken: (actor) => regenerateSecurityToken(actor, { tokenId: "any" }),
  removeSecurityToken: (actor) => removeSecurityToken(actor, { tokenId: "any" }),
  rotateSecurityToken: (actor) => rotateSecurityToken(actor, { tokenId: "any", overlap: "now" }),
  ...Object.fromEntries(
    everyAddressChange.map(([name, call]) => [name, (actor: Actor) => call(actor, randomUUID())]),
  ),
  inviteMember: (actor) => inviteMember(actor, { email: "new@example.com", role: "viewer" }),
  resendInvitation: (actor) => resendInvitation(actor, { invitationId: randomUUID() }),
  handOutInvitation: (actor) => handOutInvitation(actor, { invitationId: randomUUID() }),
  withdrawInvitation: (actor) => withdrawInvitation(actor, { invitationId: randomUUID() }),
  changeMemberRole: (actor) => changeMemberRole(actor, { userId: actor.userId, role: "viewer" }),
  endMemberSessions: (actor) => endMemberSessions(actor, { userId: randomUUID() }),
  removeMember: (actor) => removeMember(actor, { userId: actor.userId }),
  leaveAccount,
  transferOwnership: (actor) => transferOwnership(actor, { userId: randomUUID() }),
  changeRetention: (actor) => changeRetention(actor, { days: "9" }),
  deleteAccount: (actor) => deleteAccount(actor, { confirmName: "Bakery" }),
  linkIdentity: (actor) => linkIdentity(actor, { secret: "" }),
  unlinkIdentity: (actor) => unlinkIdentity(actor, { identityId: randomUUID() }),
  requestAddressChange: (actor) => requestAddressChange(actor, { email: "new@example.com" }),
  confirmTotp: (actor) => confirmTotp(actor, { enrolmentId: randomUUID(), code: "123456" }),
  regenerateRecoveryCodes,
  removeTotp,
  startTotp,
  requireTwoStep: (actor) => requireTwoStep(actor, { required: true }),
  startPasskey: (actor) => startPasskey(actor, { site }),
  addPasskey: (actor) => addPasskey(actor, { answer: {} as NewPasskey, site }),
  removePasskey: (actor) => removePasskey(actor, { passkeyId: randomUUID() }),
  revokeSession: (actor) => revokeSession(actor, { sessionId: randomUUID() }),
  revokeOtherSessions,
  setInstanceEnforcement: (actor, instanceId) =>
    setInstanceEnforcement(actor, { instanceId, enforced: true }),
};

let fresh: Actor;
let stale: Actor;
let instanceId: string;

beforeAll(async () => {
  fresh = await makeActor();
  stale = { ...fresh, provenAt: new Date(Date.now() - proofSeconds * 1000) };
  instanceId = (await createInstance(fresh, { name: "Bread" })).instanceId;
});

test.each(Object.entries(proven))(
  "%s asks for a proof after ten minutes, and does nothing before",
  async (_name, call) => {
    const before = [await epochOf(fresh), await trail(fresh)];
    expect(await refusedWith(call(stale, instanceId))).toBe("proof_required");
    expect([await epochOf(fresh), await trail(fresh)]).toEqual(before);
  },
);

test("a brake and a name ask for nothing", async () => {
  await setInstancePaused(stale, { instanceId, paused: true });
  await setInstancePaused(stale, { instanceId, paused: false });
  await renameInstance(stale, { instanceId, name: "Bread" });
});

test("ending other sessions waits for the proof and then happens; signing oneself out asks for none", async () => {
  const owner = await makeActor();
  const old = { ...owner, provenAt: stale.provenAt };
  const { sessionId } = await signInAgain(owner.email);
  const revokedAt = async (id: string) =>
    (await db.session.findUniqueOrThrow({ where: { id }, select: { revokedAt: true } })).revokedAt;
  expect(await refusedWith(revokeSession(old, { sessionId }))).toBe("proof_required");
  expect(await refusedWith(revokeOtherSessions(old))).toBe("proof_required");
  expect(await revokedAt(sessionId)).toBeNull();
  await revokeSession(owner, { sessionId });
  expect(await revokedAt(sessionId)).not.toBeNull();
  await signOut(old);
  expect(await revokedAt(owner.sessionId)).not.toBeNull();
});

test("a role that may not do it is told so before it is asked for a proof", async () => {
  const viewer = { ...stale, role: "viewer" as const };
  for (const name of ["configureSecurityToken", "revealInstanceToken"]) {
    expect(await refusedWith(proven[name]?.(viewer, instanceId) ?? Promise.resolve())).toBe("forbidden");
  }
});

/** Functions of which a word in their source says that they ask for a proof by hand. */
function writtenByHand(): string[] {
  const inner = ["change.ts", "authorize.ts", "use-case.ts"];
  return serviceSources
    .filter((file) => !inner.includes(file))
    .flatMap((file) => readFileSync(`lib/services/${file}`, "utf8").split(/^(?=export |\/\*\*)/m))
    .filter(
      (source) =>
        source.includes("requireProof(") ||
        provenPermissions.some((one) => source.includes(`(actor, "${one}"`)),
    )
    .flatMap((source) => /^export (?:async )?function (\w+)\(\s*actor: Actor/m.exec(source)?.[1] ?? []);
}

test("every use case that asks for a proof is listed here", async () => {
  const declared = [...(await declaredUseCases())].filter(([, { proof }]) => proof).map(([name]) => name);
  expect([...declared, ...writtenByHand()].sort()).toEqual(Object.keys(proven).sort());
});
