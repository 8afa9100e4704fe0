import { randomUUID } from "node:crypto";
import type { Actor } from "@/lib/domain/actor";
import type { Permission } from "@/lib/domain/permissions";
import { changeOwnName } from "../account/change-own-name";
import { changePassword } from "../account/change-password";
import { changeRetention } from "../account/change-retention";
import { deleteAccount } from "../account/delete";
import { readAddress } from "../account/read-address";
import { readRetention } from "../account/read-retention";
import { renameAccount } from "../account/rename";
import { requestAddressChange } from "../account/request-address-change";
import { requestVerification } from "../account/request-verification";
import { everyAddressChange } from "../address-restriction/every-use-case";
import { forecastRemoval } from "../address-restriction/forecast-removal";
import { readAddressRestriction } from "../address-restriction/read";
import { exportAudit } from "../audit/export";
import { listAudit } from "../audit/list";
import { listAuditActors } from "../audit/list-actors";
import { verifyStoredChain } from "../audit/verify-stored";
import { dismissCaller } from "../callers/dismiss-caller";
import { nameCaller } from "../callers/name-caller";
import { readPreflight } from "../callers/read-preflight";
import { restoreCaller } from "../callers/restore-caller";
import { linkIdentity } from "../identities/link-identity";
import { canProveAtProvider, proveWithIdentity } from "../identities/prove-with-identity";
import { readSingleSignOn } from "../identities/read-single-sign-on";
import { unlinkIdentity } from "../identities/unlink-identity";
import { createInstance } from "../instances/create";
import { listInstances } from "../instances/list";
import { followAccount } from "../live/follow-account";
import { changeMemberRole } from "../members/change-role";
import { endMemberSessions } from "../members/end-sessions";
import { handOutInvitation } from "../members/hand-out-invitation";
import { inviteMember } from "../members/invite";
import { leaveAccount } from "../members/leave";
import { listMembers } from "../members/list";
import { listInvitations } from "../members/list-invitations";
import { removeMember } from "../members/remove";
import { resendInvitation } from "../members/resend-invitation";
import { transferOwnership } from "../members/transfer-ownership";
import { withdrawInvitation } from "../members/withdraw-invitation";
import { readOverview } from "../overview/read";
import { addPasskey, type NewPasskey } from "../passkeys/add-passkey";
import type { Assertion } from "../passkeys/assertion";
import { listPasskeys } from "../passkeys/list";
import { removePasskey } from "../passkeys/remove-passkey";
import { renamePasskey } from "../passkeys/rename-passkey";
import { startPasskey } from "../passkeys/start-passkey";
import { readConfirmation } from "../receipts/read-confirmation";
import { readRejected } from "../rejections/list";
import { watchAfterActivation } from "../rejections/watch";
import { activateSecurityToken } from "../security-token/activate";
import { activateOnReadyInstances } from "../security-token/activate-on-ready";
import { configureSecurityToken } from "../security-token/configure";
import { deactivateSecurityToken } from "../security-token/deactivate";
import { finishRotation } from "../security-token/finish-rotation";
import { listEnforcement } from "../security-token/list-enforcement";
import { readSecurityToken } from "../security-token/read";
import { regenerateSecurityToken } from "../security-token/regenerate";
import { removeSecurityToken } from "../security-token/remove";
import { rotateSecurityToken } from "../security-token/rotate";
import { nextGeneration } from "../session/generation";
import { listSessions } from "../session/list";
import { proofFactors, prove } from "../session/prove";
import { proveWithPasskey, startPasskeyProof } from "../session/prove-with-passkey";
import { revokeSession } from "../session/revoke";
import { revokeOtherSessions } from "../session/revoke-others";
import { signOut } from "../session/sign-out";
import { readTraffic } from "../traffic/read";
import { confirmTotp } from "../two-step/confirm-totp";
import { readTwoStep } from "../two-step/read";
import { regenerateRecoveryCodes } from "../two-step/regenerate-recovery-codes";
import { removeTotp } from "../two-step/remove-totp";
import { requireTwoStep } from "../two-step/require-for-everyone";
import { startTotp } from "../two-step/start-totp";
import { makeActor } from "./actors";
import { testSite } from "./authenticator";

/** One use case as it is tried with every role: with ids that nothing has, so that it harms nothing. */
export type Trial = readonly [permission: Permission, call: (actor: Actor) => unknown];

const nobody = { userId: randomUUID() };
const noCaller = { callerId: randomUUID() };
const noInvitation = { invitationId: randomUUID() };
const noRule = { ruleId: randomUUID() };
const noPasskey = { passkeyId: randomUUID() };
const noToken = { tokenId: randomUUID() };

/** Every use case of an account but those on one instance, which `on-instances.ts` has. */
export const useCases: Readonly<Record<string, Trial>> = {
  changeOwnName: ["self.change", (actor) => changeOwnName(actor, { name: "Ana" })],
  changePassword: ["self.change", (actor) => changePassword(actor, { current: "", password: "" })],
  readAddress: ["account.read", readAddress],
  requestAddressChange: ["self.change", (actor) => requestAddressChange(actor, { email: "" })],
  requestVerification: ["self.change", requestVerification],
  changeRetention: ["account.retention", (actor) => changeRetention(actor, { days: "0" })],
  deleteAccount: ["account.delete", (actor) => deleteAccount(actor, { confirmName: "" })],
  readRetention: ["account.read", readRetention],
  renameAccount: ["account.rename", (actor) => renameAccount(actor, { accountName: "Bakery" })],
  listAudit: ["audit.read", (actor) => listAudit(actor)],
  exportAudit: ["audit.export", (actor) => exportAudit(actor, { format: "jsonl" })],
  listAuditActors: ["audit.read", listAuditActors],
  verifyStoredChain: ["audit.read", verifyStoredChain],
  readAddressRestriction: ["address.read", readAddressRestriction],
  forecastRemoval: ["address.read", (actor) => forecastRemoval(actor, noRule)],
  ...Object.fromEntries(
    everyAddressChange.map(([name, call]): [string, Trial] => [
      name,
      ["address.change", (actor) => call(actor, noRule.ruleId)],
    ]),
  ),
  dismissCaller: ["caller.change", (actor) => dismissCaller(actor, { ...noCaller, lastSeenAt: new Date() })],
  nameCaller: ["caller.change", (actor) => nameCaller(actor, { ...noCaller, name: "n8n" })],
  restoreCaller: ["caller.change", (actor) => restoreCaller(actor, noCaller)],
  readPreflight: ["caller.read", (actor) => readPreflight(actor, {})],
  readRejected: ["caller.read", (actor) => readRejected(actor)],
  watchAfterActivation: ["caller.read", watchAfterActivation],
  readTraffic: ["caller.read", (actor) => readTraffic(actor)],
  followAccount: ["caller.read", (actor) => followAccount(actor, { event: () => {}, end: () => {} })()],
  readConfirmation: ["token.read", readConfirmation],
  createInstance: ["instance.create", (actor) => createInstance(actor, { name: "" })],
  listInstances: ["instance.read", (actor) => listInstances(actor)],
  readOverview: ["account.read", readOverview],
  listMembers: ["member.read", listMembers],
  listInvitations: ["invitation.read", listInvitations],
  inviteMember: ["member.invite", (actor) => inviteMember(actor, { email: "", role: "viewer" })],
  resendInvitation: ["member.invite", (actor) => resendInvitation(actor, noInvitation)],
  handOutInvitation: ["member.invite", (actor) => handOutInvitation(actor, noInvitation)],
  withdrawInvitation: ["member.invite", (actor) => withdrawInvitation(actor, noInvitation)],
  changeMemberRole: ["member.change", (actor) => changeMemberRole(actor, { ...nobody, role: "viewer" })],
  endMemberSessions: ["member.change", (actor) => endMemberSessions(actor, nobody)],
  removeMember: ["member.change", (actor) => removeMember(actor, nobody)],
  transferOwnership: ["account.transfer", (actor) => transferOwnership(actor, nobody)],
  leaveAccount: [
    "member.leave",
    async (actor) => leaveAccount({ ...(await makeActor("viewer")), role: actor.role }),
  ],
  configureSecurityToken: ["token.change", configureSecurityToken],
  regenerateSecurityToken: ["token.change", (actor) => regenerateSecurityToken(actor, noToken)],
  activateSecurityToken: ["token.change", (actor) => activateSecurityToken(actor, noToken)],
  activateOnReadyInstances: ["token.change", (actor) => activateOnReadyInstances(actor, noToken)],
  deactivateSecurityToken: ["token.change", deactivateSecurityToken],
  rotateSecurityToken: [
    "token.change",
    (actor) => rotateSecurityToken(actor, { ...noToken, overlap: "now" }),
  ],
  finishRotation: ["token.change", (actor) => finishRotation(actor, noToken)],
  removeSecurityToken: ["token.change", (actor) => removeSecurityToken(actor, noToken)],
  readSecurityToken: ["token.read", readSecurityToken],
  listEnforcement: ["token.read", (actor) => listEnforcement(actor)],
  listSessions: ["account.read", listSessions],
  nextGeneration: ["self.change", nextGeneration],
  prove: ["self.change", (actor) => prove(actor, { password: "" })],
  proofFactors: ["self.change", proofFactors],
  startPasskeyProof: ["self.change", (actor) => startPasskeyProof(actor, testSite)],
  proveWithPasskey: ["self.change", (actor) => proveWithPasskey(actor, {} as Assertion, testSite)],
  listPasskeys: ["self.change", (actor) => listPasskeys(actor, testSite.rpId)],
  startPasskey: ["self.change", (actor) => startPasskey(actor, testSite)],
  addPasskey: ["self.change", (actor) => addPasskey(actor, {} as NewPasskey, testSite)],
  renamePasskey: ["self.change", (actor) => renamePasskey(actor, { ...noPasskey, name: "Key" })],
  removePasskey: ["self.change", (actor) => removePasskey(actor, noPasskey)],
  revokeSession: ["account.read", (actor) => revokeSession(actor, { sessionId: randomUUID() })],
  revokeOtherSessions: ["account.read", revokeOtherSessions],
  signOut: ["self.change", (actor) => signOut({ ...actor, sessionId: randomUUID() })],
  readSingleSignOn: ["self.change", readSingleSignOn],
  linkIdentity: ["self.change", (actor) => linkIdentity(actor, "")],
  canProveAtProvider: ["self.change", canProveAtProvider],
  proveWithIdentity: [
    "self.change",
    (actor) =>
      proveWithIdentity(actor, {
        issuer: "https://id.example.com",
        subject: randomUUID(),
        email: null,
        emailVerified: false,
        presentAt: null,
        severalFactors: false,
      }),
  ],
  unlinkIdentity: ["self.change", (actor) => unlinkIdentity(actor, { identityId: randomUUID() })],
  readTwoStep: ["self.change", readTwoStep],
  startTotp: ["self.change", startTotp],
  confirmTotp: ["self.change", (actor) => confirmTotp(actor, { enrolmentId: randomUUID(), code: "000000" })],
  regenerateRecoveryCodes: ["self.change", regenerateRecoveryCodes],
  removeTotp: ["self.change", removeTotp],
  requireTwoStep: ["account.protect", (actor) => requireTwoStep(actor, { required: false })],
};
