import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { provenPermissions } from "@/lib/domain/proof";
import { proofSeconds } from "@/lib/domain/session";
import { changeRetention } from "./account/change-retention";
import { deleteAccount } from "./account/delete";
import { requestAddressChange } from "./account/request-address-change";
import { everyAddressChange } from "./address-restriction/every-use-case";
import { linkIdentity } from "./identities/link-identity";
import { unlinkIdentity } from "./identities/unlink-identity";
import { changeUpstream } from "./instances/change-upstream";
import { createInstance } from "./instances/create";
import { pauseInstance } from "./instances/pause";
import { regenerateInstanceToken } from "./instances/regenerate-token";
import { removeInstance } from "./instances/remove";
import { renameInstance } from "./instances/rename";
import { resumeInstance } from "./instances/resume";
import { revealInstanceToken } from "./instances/reveal-token";
import { changeMemberRole } from "./members/change-role";
import { endMemberSessions } from "./members/end-sessions";
import { handOutInvitation } from "./members/hand-out-invitation";
import { inviteMember } from "./members/invite";
import { leaveAccount } from "./members/leave";
import { removeMember } from "./members/remove";
import { resendInvitation } from "./members/resend-invitation";
import { transferOwnership } from "./members/transfer-ownership";
import { withdrawInvitation } from "./members/withdraw-invitation";
import { addPasskey, type NewPasskey } from "./passkeys/add-passkey";
import { removePasskey } from "./passkeys/remove-passkey";
import { startPasskey } from "./passkeys/start-passkey";
import { activateSecurityToken } from "./security-token/activate";
import { activateOnReadyInstances } from "./security-token/activate-on-ready";
import { configureSecurityToken } from "./security-token/configure";
import { deactivateSecurityToken } from "./security-token/deactivate";
import { finishRotation } from "./security-token/finish-rotation";
import { regenerateSecurityToken } from "./security-token/regenerate";
import { removeSecurityToken } from "./security-token/remove";
import { rotateSecurityToken } from "./security-token/rotate";
import { setInstanceEnforcement } from "./security-token/set-instance-enforcement";
import { revokeSession } from "./session/revoke";
import { revokeOtherSessions } from "./session/revoke-others";
import { signOut } from "./session/sign-out";
import { makeActor, signInAgain } from "./testing/actors";
import { refusedWith } from "./testing/refused";
import { epochOf, trail } from "./testing/trail";
import { confirmTotp } from "./two-step/confirm-totp";
import { regenerateRecoveryCodes } from "./two-step/regenerate-recovery-codes";
import { removeTotp } from "./two-step/remove-totp";
import { requireTwoStep } from "./two-step/require-for-everyone";
import { startTotp } from "./two-step/start-totp";

const site = { origin: "http://localhost", rpId: "localhost" };

/** Every use case that asks for a fresh proof. One that is not here fails a test below. */
const proven: Readonly<Record<string, (actor: Actor, instanceId: string) => Promise<unknown>>> = {
  changeUpstream: (actor, instanceId) =>
    changeUpstream(actor, { instanceId, upstreamUrl: "", headers: [], firstByteSeconds: "" }),
  regenerateInstanceToken: (actor, instanceId) => regenerateInstanceToken(actor, { instanceId }),
  removeInstance: (actor, instanceId) => removeInstance(actor, { instanceId, confirmName: "Bread" }),
  revealInstanceToken: (actor, instanceId) => revealInstanceToken(actor, { instanceId }),
  activateSecurityToken: (actor) => activateSecurityToken(actor, { tokenId: "any" }),
  activateOnReadyInstances: (actor) => activateOnReadyInstances(actor, { tokenId: "any" }),
  configureSecurityToken,
  deactivateSecurityToken,
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
  linkIdentity: (actor) => linkIdentity(actor, ""),
  unlinkIdentity: (actor) => unlinkIdentity(actor, { identityId: randomUUID() }),
  requestAddressChange: (actor) => requestAddressChange(actor, { email: "new@example.com" }),
  confirmTotp: (actor) => confirmTotp(actor, { enrolmentId: randomUUID(), code: "123456" }),
  regenerateRecoveryCodes,
  removeTotp,
  startTotp,
  requireTwoStep: (actor) => requireTwoStep(actor, { required: true }),
  startPasskey: (actor) => startPasskey(actor, site),
  addPasskey: (actor) => addPasskey(actor, {} as NewPasskey, site),
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
  await pauseInstance(stale, { instanceId });
  await resumeInstance(stale, { instanceId });
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

/** Exported functions that take an actor, in files that ask for a proof or for a permission that does. */
function writtenUseCases(): string[] {
  const found: string[] = [];
  const inner = ["address-restriction/step.ts", "change.ts", "session/require-proof.ts"];
  const asking = /requireProof\(actor|changeToken\(|takeStep\(/;
  for (const file of readdirSync("lib/services", { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts") || file.includes("test") || inner.includes(file)) continue;
    const text = readFileSync(`lib/services/${file}`, "utf8");
    const sensitive = asking.test(text) || provenPermissions.some((one) => text.includes(`(actor, "${one}"`));
    if (!sensitive) continue;
    for (const [, name] of text.matchAll(/^export (?:async )?function (\w+)\(\s*actor: Actor/gm)) {
      if (name) found.push(name);
    }
  }
  return found;
}

test("every use case with such a permission is listed here", () => {
  expect(writtenUseCases().sort()).toEqual(Object.keys(proven).sort());
});
