import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Actor } from "@/lib/domain/actor";
import type { Permission } from "@/lib/domain/permissions";
import {
  changeOwnName,
  changeRetention,
  deleteAccount,
  readOwnName,
  readRetention,
  renameAccount,
} from "@/lib/services/account/account";
import { readAddress, requestAddressChange, requestVerification } from "@/lib/services/account/email-address";
import { changePassword } from "@/lib/services/account/password";
import {
  enforceAddresses,
  observeAddresses,
  stopEnforcingAddresses,
  stopObservingAddresses,
} from "@/lib/services/address-restriction/mode";
import { forecastAddresses, readAddressRestriction } from "@/lib/services/address-restriction/read";
import {
  addAddressLines,
  addAddressRule,
  addCurrentAddress,
  noteAddressRule,
  removeAddressRule,
} from "@/lib/services/address-restriction/rules";
import { changeAlerts, readAlerts } from "@/lib/services/alerts/settings";
import { exportAudit, verifyStoredChain } from "@/lib/services/audit/chain";
import { listAudit, listAuditActors, newestEvents } from "@/lib/services/audit/list";
import { watchAfterActivation } from "@/lib/services/callers/after-activation";
import {
  dismissCaller,
  leaveOutCaller,
  nameCaller,
  restoreCaller,
  takeBackCaller,
} from "@/lib/services/callers/change";
import {
  forecastActivation,
  forecastInstanceChange,
  forecastRotation,
} from "@/lib/services/callers/forecast";
import { readPreflight } from "@/lib/services/callers/preflight";
import { forecastEndpoints, readEndpointRules } from "@/lib/services/endpoint-rules/read";
import { changeEndpointRules, stepEndpointRules } from "@/lib/services/endpoint-rules/rules";
import { followAccount } from "@/lib/services/follow-account";
import { linkIdentity, unlinkIdentity } from "@/lib/services/identities/link-identity";
import {
  canProveAtProvider,
  proveWithIdentity,
  readSingleSignOn,
} from "@/lib/services/identities/sign-in-with-identity";
import { exportInstanceSecrets, exportInstances } from "@/lib/services/import/export";
import { importInstances, previewImport } from "@/lib/services/import/import";
import {
  createInstance,
  removeInstance,
  renameInstance,
  setInstancePaused,
} from "@/lib/services/instances/change";
import { changeInstanceNaming, forecastInstanceNaming } from "@/lib/services/instances/change-naming";
import { listInstances, readInstance, readInstanceList } from "@/lib/services/instances/read";
import { regenerateInstanceToken, revealInstanceToken } from "@/lib/services/instances/token";
import { changeUpstream } from "@/lib/services/instances/upstream";
import {
  handOutInvitation,
  inviteMember,
  listInvitations,
  resendInvitation,
  withdrawInvitation,
} from "@/lib/services/members/invite";
import {
  changeMemberRole,
  endMemberSessions,
  leaveAccount,
  listMembers,
  removeMember,
  transferOwnership,
} from "@/lib/services/members/members";
import { readOverview } from "@/lib/services/overview";
import type { Assertion } from "@/lib/services/passkeys/assertion";
import {
  addPasskey,
  listPasskeys,
  type NewPasskey,
  removePasskey,
  renamePasskey,
  startPasskey,
} from "@/lib/services/passkeys/passkeys";
import { readSecurityPage } from "@/lib/services/security-page";
import { armSecurityToken, disarmSecurityToken } from "@/lib/services/security-token/armed";
import {
  configureSecurityToken,
  regenerateSecurityToken,
  removeSecurityToken,
} from "@/lib/services/security-token/configure";
import {
  activateOnReadyInstances,
  activateSecurityToken,
  deactivateSecurityToken,
  listEnforcement,
  setInstanceEnforcement,
} from "@/lib/services/security-token/enforcement";
import {
  endGraceOf,
  forecastGrace,
  protectKnownCallers,
  readGrace,
  setGraceEnd,
} from "@/lib/services/security-token/grace";
import { finishRotation, rotateSecurityToken } from "@/lib/services/security-token/rotate";
import { readConfirmation, readSecurityToken } from "@/lib/services/security-token/token";
import { isServersAccount, readServerStatus } from "@/lib/services/server-status";
import { changeService, createService, forecastService, removeService } from "@/lib/services/services/change";
import { listServices, readService } from "@/lib/services/services/read";
import { setUpService } from "@/lib/services/services/set-up";
import { testService } from "@/lib/services/services/test-call";
import {
  listSessions,
  revokeOtherSessions,
  revokeSession,
  signOut,
} from "@/lib/services/session/end-sessions";
import { proofFactors, prove, proveWithPasskey, startPasskeyProof } from "@/lib/services/session/prove";
import { nextGeneration } from "@/lib/services/session/session";
import { readRejected } from "@/lib/services/traffic/rejected";
import { readTraffic } from "@/lib/services/traffic/traffic";
import { regenerateRecoveryCodes } from "@/lib/services/two-step/recovery-codes";
import { confirmTotp, removeTotp, startTotp } from "@/lib/services/two-step/totp";
import { readTwoStep, requireTwoStep } from "@/lib/services/two-step/two-step";
import type { Declared } from "@/lib/services/use-case";
import { makeActor } from "./accounts";
import { testSite } from "./second-factors";

/** Every source of lib/services that is no test. */
export const serviceSources = readdirSync("lib/services", { recursive: true, encoding: "utf8" }).filter(
  (file) => file.endsWith(".ts") && !file.endsWith(".test.ts"),
);

/** Every use case that is declared and exported in lib/services, by name, whichever constructor made it. */
export async function declaredUseCases(): Promise<ReadonlyMap<string, Declared>> {
  const modules = await Promise.all(
    serviceSources.map((file): Promise<object> => import(join(process.cwd(), "lib/services", file))),
  );
  const isDeclared = (value: unknown): value is Declared =>
    typeof value === "function" && "permission" in value && "altersDecision" in value;
  const named = modules.flatMap((module) => Object.entries(module));
  return new Map(named.filter((entry): entry is [string, Declared] => isDeclared(entry[1])));
}

/** A use case on one instance, as it is tried with every role and with ids of other accounts. */
type InstanceTrial = readonly [permission: Permission, call: (actor: Actor, instanceId: string) => unknown];

/** Every use case that takes an instance's id. */
export const onInstances: Readonly<Record<string, InstanceTrial>> = {
  readInstance: ["instance.read", (actor, instanceId) => readInstance(actor, { instanceId })],
  renameInstance: [
    "instance.change",
    (actor, instanceId) => renameInstance(actor, { instanceId, name: "Other" }),
  ],
  changeUpstream: [
    "instance.upstream",
    (actor, instanceId) =>
      changeUpstream(actor, { instanceId, upstreamUrl: "", headers: [], firstByteSeconds: "" }),
  ],
  changeInstanceNaming: [
    "instance.upstream",
    (actor, instanceId) => changeInstanceNaming(actor, { instanceId, label: "", hosts: [] }),
  ],
  forecastInstanceNaming: [
    "caller.read",
    (actor, instanceId) => forecastInstanceNaming(actor, { instanceId, label: "", hosts: [] }),
  ],
  setInstancePaused: [
    "instance.change",
    (actor, instanceId) => setInstancePaused(actor, { instanceId, paused: true }),
  ],
  revealInstanceToken: ["instance.reveal", (actor, instanceId) => revealInstanceToken(actor, { instanceId })],
  regenerateInstanceToken: [
    "instance.regenerate",
    (actor, instanceId) => regenerateInstanceToken(actor, { instanceId }),
  ],
  setInstanceEnforcement: [
    "token.change",
    (actor, instanceId) => setInstanceEnforcement(actor, { instanceId, enforced: false }),
  ],
  forecastActivation: ["caller.read", (actor, instanceId) => forecastActivation(actor, { instanceId })],
  forecastInstanceChange: [
    "caller.read",
    (actor, instanceId) => forecastInstanceChange(actor, { instanceId, change: "pause" }),
  ],
  readEndpointRules: ["instance.read", (actor, instanceId) => readEndpointRules(actor, { instanceId })],
  forecastEndpoints: [
    "caller.read",
    (actor, instanceId) => forecastEndpoints(actor, { instanceId, change: null }),
  ],
  changeEndpointRules: [
    "endpoint.change",
    (actor, instanceId) =>
      changeEndpointRules(actor, {
        instanceId,
        change: { what: "add", rules: [{ method: "DELETE", path: "/instance/{}" }] },
      }),
  ],
  stepEndpointRules: [
    "endpoint.change",
    (actor, instanceId) => stepEndpointRules(actor, { instanceId, step: "observe" }),
  ],
  removeInstance: [
    "instance.delete",
    (actor, instanceId) => removeInstance(actor, { instanceId, confirmName: "Nothing" }),
  ],
};

/** A file in which there is nothing. */
async function* noBytes(): AsyncGenerator<Uint8Array> {}

/** One use case as it is tried with every role: with ids that nothing has, so that it harms nothing. */
type Trial = readonly [permission: Permission, call: (actor: Actor) => unknown];

type UseCase = (actor: Actor, ruleId: string) => Promise<unknown>;

/** For tests: every change of the address list or its mode. */
export const everyAddressChange: readonly (readonly [name: string, call: UseCase])[] = [
  ["addAddressRule", (actor) => addAddressRule(actor, { address: "198.51.100.7", note: "" })],
  ["addAddressLines", (actor) => addAddressLines(actor, { text: "198.51.100.8" })],
  ["addCurrentAddress", (actor) => addCurrentAddress(actor, { note: "" })],
  ["noteAddressRule", (actor, ruleId) => noteAddressRule(actor, { ruleId, note: "other" })],
  ["observeAddresses", observeAddresses],
  ["enforceAddresses", (actor) => enforceAddresses(actor, { confirmation: "" })],
  ["stopEnforcingAddresses", stopEnforcingAddresses],
  ["stopObservingAddresses", stopObservingAddresses],
  ["removeAddressRule", (actor, ruleId) => removeAddressRule(actor, { ruleId })],
];

const nobody = { userId: randomUUID() };
const noCaller = { callerId: randomUUID() };
const noInvitation = { invitationId: randomUUID() };
const noRule = { ruleId: randomUUID() };
const noPasskey = { passkeyId: randomUUID() };
const noToken = { tokenId: randomUUID() };
const noService = { serviceId: randomUUID() };
const anyService = { name: "Api", routes: [], strayParameters: [] };

/** Every use case of an account but those on one instance, which `onInstances` has. */
export const useCases: Readonly<Record<string, Trial>> = {
  readOwnName: ["account.read", readOwnName],
  changeOwnName: ["self.change", (actor) => changeOwnName(actor, { name: "Ana" })],
  changePassword: ["self.change", (actor) => changePassword(actor, { current: "", password: "" })],
  readAddress: ["account.read", readAddress],
  requestAddressChange: ["self.change", (actor) => requestAddressChange(actor, { email: "" })],
  requestVerification: ["self.change", requestVerification],
  changeRetention: ["account.retention", (actor) => changeRetention(actor, { days: "0" })],
  deleteAccount: ["account.delete", (actor) => deleteAccount(actor, { confirmName: "" })],
  readRetention: ["account.read", readRetention],
  renameAccount: ["account.rename", (actor) => renameAccount(actor, { accountName: "Bakery" })],
  readAlerts: ["account.read", readAlerts],
  changeAlerts: ["self.change", (actor) => changeAlerts(actor, { kind: "grace_ends", on: true })],
  newestEvents: ["audit.read", newestEvents],
  listAudit: ["audit.read", (actor) => listAudit(actor)],
  exportAudit: ["audit.export", (actor) => exportAudit(actor, { format: "jsonl" })],
  listAuditActors: ["audit.read", listAuditActors],
  verifyStoredChain: ["audit.read", verifyStoredChain],
  readAddressRestriction: ["address.read", readAddressRestriction],
  forecastAddresses: ["address.read", (actor) => forecastAddresses(actor, noRule)],
  ...Object.fromEntries(
    everyAddressChange.map(([name, call]): [string, Trial] => [
      name,
      ["address.change", (actor) => call(actor, noRule.ruleId)],
    ]),
  ),
  dismissCaller: ["caller.change", (actor) => dismissCaller(actor, { ...noCaller, lastSeenAt: new Date() })],
  nameCaller: ["caller.change", (actor) => nameCaller(actor, { ...noCaller, name: "n8n" })],
  restoreCaller: ["caller.change", (actor) => restoreCaller(actor, noCaller)],
  leaveOutCaller: ["caller.change", (actor) => leaveOutCaller(actor, noCaller)],
  takeBackCaller: ["caller.change", (actor) => takeBackCaller(actor, noCaller)],
  readPreflight: ["caller.read", (actor) => readPreflight(actor, {})],
  forecastRotation: ["caller.read", (actor) => forecastRotation(actor, { change: "finish" })],
  readRejected: ["caller.read", (actor) => readRejected(actor)],
  watchAfterActivation: ["caller.read", watchAfterActivation],
  readTraffic: ["instance.read", (actor) => readTraffic(actor)],
  followAccount: [
    "caller.read",
    async (actor) => (await followAccount(actor, { event: () => {}, end: () => {} }))(),
  ],
  readConfirmation: ["token.read", readConfirmation],
  createInstance: ["instance.create", (actor) => createInstance(actor, { name: "" })],
  listInstances: ["instance.read", (actor) => listInstances(actor)],
  readInstanceList: ["instance.read", (actor) => readInstanceList(actor)],
  previewImport: ["instance.create", (actor) => previewImport(actor, { body: noBytes() })],
  importInstances: ["instance.create", (actor) => importInstances(actor, { body: noBytes(), plan: "" })],
  exportInstances: ["instance.read", (actor) => exportInstances(actor, { format: "csv" })],
  exportInstanceSecrets: ["instance.reveal", (actor) => exportInstanceSecrets(actor, { format: "csv" })],
  createService: ["instance.create", (actor) => createService(actor, { name: "", preset: "any" })],
  changeService: ["instance.upstream", (actor) => changeService(actor, { ...noService, ...anyService })],
  forecastService: ["caller.read", (actor) => forecastService(actor, { ...noService, ...anyService })],
  removeService: ["instance.delete", (actor) => removeService(actor, { ...noService, confirmName: "" })],
  setUpService: [
    "instance.create",
    (actor) => setUpService(actor, { name: "", preset: "any", instances: [] }),
  ],
  testService: ["instance.change", (actor) => testService(actor, { ...noService, instanceId: "" })],
  readService: ["instance.read", (actor) => readService(actor, noService)],
  listServices: ["instance.read", (actor) => listServices(actor)],
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
  armSecurityToken: ["token.change", (actor) => armSecurityToken(actor, noToken)],
  disarmSecurityToken: ["token.change", disarmSecurityToken],
  rotateSecurityToken: [
    "token.change",
    (actor) => rotateSecurityToken(actor, { ...noToken, overlap: "now" }),
  ],
  protectKnownCallers: ["token.change", (actor) => protectKnownCallers(actor, { ...noToken, days: 14 })],
  endGraceOf: ["token.change", (actor) => endGraceOf(actor, noCaller)],
  setGraceEnd: ["token.change", (actor) => setGraceEnd(actor, { until: new Date(Date.now() + 86_400_000) })],
  forecastGrace: ["caller.read", forecastGrace],
  readGrace: ["caller.read", readGrace],
  finishRotation: ["token.change", (actor) => finishRotation(actor, noToken)],
  removeSecurityToken: ["token.change", (actor) => removeSecurityToken(actor, noToken)],
  readSecurityToken: ["token.read", readSecurityToken],
  isServersAccount: ["account.read", (actor) => isServersAccount(actor)],
  readServerStatus: ["server.read", (actor) => readServerStatus(actor)],
  readSecurityPage: ["token.read", (actor) => readSecurityPage(actor, {})],
  listEnforcement: ["token.read", (actor) => listEnforcement(actor)],
  listSessions: ["account.read", listSessions],
  nextGeneration: ["self.change", nextGeneration],
  prove: ["self.change", (actor) => prove(actor, { password: "" })],
  proofFactors: ["self.change", proofFactors],
  startPasskeyProof: ["self.change", (actor) => startPasskeyProof(actor, { site: testSite })],
  proveWithPasskey: [
    "self.change",
    (actor) => proveWithPasskey(actor, { answer: {} as Assertion, site: testSite }),
  ],
  listPasskeys: ["self.change", (actor) => listPasskeys(actor, { host: testSite.rpId })],
  startPasskey: ["self.change", (actor) => startPasskey(actor, { site: testSite })],
  addPasskey: ["self.change", (actor) => addPasskey(actor, { answer: {} as NewPasskey, site: testSite })],
  renamePasskey: ["self.change", (actor) => renamePasskey(actor, { ...noPasskey, name: "Key" })],
  removePasskey: ["self.change", (actor) => removePasskey(actor, noPasskey)],
  revokeSession: ["self.change", (actor) => revokeSession(actor, { sessionId: randomUUID() })],
  revokeOtherSessions: ["self.change", revokeOtherSessions],
  signOut: ["self.change", (actor) => signOut({ ...actor, sessionId: randomUUID() })],
  readSingleSignOn: ["self.change", readSingleSignOn],
  linkIdentity: ["self.change", (actor) => linkIdentity(actor, { secret: "" })],
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
