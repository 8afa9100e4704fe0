import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { readPolicies } from "@/lib/db/policy";
import { readDirectoryParts } from "@/lib/db/services";
import type { Actor } from "@/lib/domain/actor";
import type { AddressStep } from "@/lib/domain/address-mode";
import { Refusal } from "@/lib/domain/errors";
import type { Role } from "@/lib/domain/permissions";
import { makeAccount, makeActor, makeMember, shownToken } from "@/test/support/accounts";
import { hearAnnouncements } from "@/test/support/announcements";
import { addCaller } from "@/test/support/callers";
import { declaredUseCases } from "@/test/support/use-cases";
import { changeOwnName, changeRetention, deleteAccount, renameAccount } from "./account/account";
import {
  enforceAddresses,
  observeAddresses,
  stopEnforcingAddresses,
  stopObservingAddresses,
} from "./address-restriction/mode";
import {
  addAddressLines,
  addAddressRule,
  addCurrentAddress,
  noteAddressRule,
  removeAddressRule,
} from "./address-restriction/rules";
import { changeAlerts } from "./alerts/settings";
import { exportAudit } from "./audit/chain";
import { dismissCaller, leaveOutCaller, nameCaller, restoreCaller, takeBackCaller } from "./callers/change";
import { changeEndpointRules, stepEndpointRules } from "./endpoint-rules/rules";
import { exportInstanceSecrets, exportInstances } from "./import/export";
import { importInstances, previewImport } from "./import/import";
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
import { changeService, createService, removeService } from "./services/change";
import { setUpService } from "./services/set-up";
import { signOut } from "./session/end-sessions";
import { prove } from "./session/prove";
import { requireTwoStep } from "./two-step/two-step";

/** An account with all that its use cases change, and what the steps before have made. */
interface World {
  readonly accountId: string;
  readonly bread: string;
  readonly cake: string;
  readonly callerId: string;
  /** One that was let in often enough to be known. */
  readonly knownId: string;
  readonly member: string;
  readonly rule: () => Promise<{ ruleId: string }>;
  readonly invitation: () => Promise<{ invitationId: string }>;
}

async function makeWorld(owner: Actor): Promise<World> {
  const { accountId } = owner;
  const { instanceId: bread } = await createInstance(owner, { name: "Bread" });
  const { instanceId: cake } = await createInstance(owner, { name: "Cake" });
  return {
    accountId,
    bread,
    cake,
    callerId: await addCaller(owner, bread, { agent: "curl", token: "none" }),
    knownId: await addCaller(owner, bread, { agent: "n8n", token: "missing", requests: 5 }),
    member: (await makeMember(accountId, "viewer")).userId,
    rule: async () => ({ ruleId: (await db.addressRule.findFirstOrThrow({ where: { accountId } })).id }),
    invitation: async () => ({
      invitationId: (await db.invitation.findFirst({ where: { accountId } }))?.id ?? "none",
    }),
  };
}

type Step = readonly [name: string, take: (actor: Actor, world: World) => Promise<unknown>];

const confirmation = "Bakery";

const addEndpointRule = (actor: Actor, { bread }: World, path: string) =>
  changeEndpointRules(actor, {
    instanceId: bread,
    change: { what: "add", rules: [{ method: "DELETE", path }] },
    confirmation: "Bread",
  });

const stepEndpoints = (actor: Actor, { bread }: World, step: AddressStep) =>
  stepEndpointRules(actor, { instanceId: bread, step, confirmation: "Bread" });

/** Every change of an account, in an order in which each finds something to do. */
const steps: readonly Step[] = [
  ["configureSecurityToken", (actor) => configureSecurityToken(actor)],
  ["regenerateSecurityToken", async (actor) => regenerateSecurityToken(actor, await shownToken(actor))],
  ["removeSecurityToken", async (actor) => removeSecurityToken(actor, await shownToken(actor))],
  ["configureSecurityToken", (actor) => configureSecurityToken(actor)],
  ["armSecurityToken", async (actor) => armSecurityToken(actor, await shownToken(actor))],
  ["changeAlerts", (actor) => changeAlerts(actor, { kind: "caller_stopped", on: false })],
  ["disarmSecurityToken", (actor) => disarmSecurityToken(actor)],
  [
    "setInstanceEnforcement",
    (actor, { bread }) => setInstanceEnforcement(actor, { instanceId: bread, enforced: true, confirmation }),
  ],
  ["changeEndpointRules", (actor, world) => addEndpointRule(actor, world, "/instance/{}")],
  ["stepEndpointRules", (actor, world) => stepEndpoints(actor, world, "observe")],
  ["stepEndpointRules", (actor, world) => stepEndpoints(actor, world, "enforce")],
  ["changeEndpointRules", (actor, world) => addEndpointRule(actor, world, "/admin/{*}")],
  ["stepEndpointRules", (actor, world) => stepEndpoints(actor, world, "stop_enforcing")],
  ["activateOnReadyInstances", async (actor) => activateOnReadyInstances(actor, await shownToken(actor))],
  ["deactivateSecurityToken", (actor) => deactivateSecurityToken(actor)],
  [
    "protectKnownCallers",
    async (actor) => protectKnownCallers(actor, { ...(await shownToken(actor)), days: 14, confirmation }),
  ],
  ["setGraceEnd", (actor) => setGraceEnd(actor, { until: new Date(Date.now() + 3_600_000) })],
  ["endGraceOf", (actor, { knownId }) => endGraceOf(actor, { callerId: knownId })],
  ["deactivateSecurityToken", (actor) => deactivateSecurityToken(actor)],
  [
    "activateSecurityToken",
    async (actor) => activateSecurityToken(actor, { ...(await shownToken(actor)), confirmation }),
  ],
  [
    "rotateSecurityToken",
    async (actor) => rotateSecurityToken(actor, { ...(await shownToken(actor)), overlap: "24h" }),
  ],
  [
    "finishRotation",
    async (actor, { accountId }) => {
      const { id } = await db.clientToken.findFirstOrThrow({ where: { accountId, state: "retiring" } });
      return finishRotation(actor, { tokenId: id });
    },
  ],
  ["nameCaller", (actor, { callerId }) => nameCaller(actor, { callerId, name: "The shop" })],
  ["dismissCaller", (actor, { callerId }) => dismissCaller(actor, { callerId, lastSeenAt: new Date() })],
  ["restoreCaller", (actor, { callerId }) => restoreCaller(actor, { callerId })],
  ["leaveOutCaller", (actor, { callerId }) => leaveOutCaller(actor, { callerId })],
  ["takeBackCaller", (actor, { callerId }) => takeBackCaller(actor, { callerId })],
  ["createInstance", (actor) => createInstance(actor, { name: "Pie" })],
  [
    "importInstances",
    async (actor) => {
      const file = async function* () {
        yield new TextEncoder().encode("name\nTart\n");
      };
      const { plan } = await previewImport(actor, { body: file() });
      return importInstances(actor, { body: file(), plan });
    },
  ],
  ["exportInstances", (actor) => exportInstances(actor, { format: "csv" })],
  ["exportInstanceSecrets", (actor) => exportInstanceSecrets(actor, { format: "csv" })],
  ["createService", (actor) => createService(actor, { name: "Api", preset: "evolution" })],
  [
    "changeService",
    async (actor, { accountId }) => {
      const { id } = await db.service.findFirstOrThrow({ where: { accountId } });
      const given = { name: "Api", routes: [], strayParameters: ["x"] };
      return changeService(actor, { serviceId: id, ...given });
    },
  ],
  [
    "removeService",
    async (actor, { accountId }) => {
      const { id } = await db.service.findFirstOrThrow({ where: { accountId } });
      return removeService(actor, { serviceId: id, confirmName: "Api" });
    },
  ],
  [
    "setUpService",
    (actor) =>
      setUpService(actor, {
        name: "Api",
        preset: "any",
        upstreamUrl: "https://api.example.com",
        instances: [],
      }),
  ],
  // Without a service, and where no host names are given, there is nothing to change.
  [
    "changeInstanceNaming",
    (actor, { bread }) => changeInstanceNaming(actor, { instanceId: bread, label: "x", hosts: [] }),
  ],
  ["renameInstance", (actor, { bread }) => renameInstance(actor, { instanceId: bread, name: "Rolls" })],
  ["setInstancePaused", (actor, { bread }) => setInstancePaused(actor, { instanceId: bread, paused: true })],
  ["setInstancePaused", (actor, { bread }) => setInstancePaused(actor, { instanceId: bread, paused: false })],
  [
    "changeUpstream",
    (actor, { bread }) =>
      changeUpstream(actor, {
        instanceId: bread,
        upstreamUrl: "https://api.example.com",
        headers: [],
        firstByteSeconds: "7",
      }),
  ],
  ["revealInstanceToken", (actor, { bread }) => revealInstanceToken(actor, { instanceId: bread })],
  ["regenerateInstanceToken", (actor, { bread }) => regenerateInstanceToken(actor, { instanceId: bread })],
  ["removeInstance", (actor, { cake }) => removeInstance(actor, { instanceId: cake, confirmName: "Cake" })],
  ["addAddressRule", (actor) => addAddressRule(actor, { address: "198.51.100.7", note: "" })],
  ["addAddressLines", (actor) => addAddressLines(actor, { text: "198.51.100.8\n198.51.100.9" })],
  ["addCurrentAddress", (actor) => addCurrentAddress(actor, { note: "" })],
  ["noteAddressRule", async (actor, { rule }) => noteAddressRule(actor, { ...(await rule()), note: "Shop" })],
  ["observeAddresses", (actor) => observeAddresses(actor)],
  ["enforceAddresses", (actor) => enforceAddresses(actor, { confirmation })],
  [
    "removeAddressRule",
    async (actor, { rule }) => removeAddressRule(actor, { ...(await rule()), confirmation }),
  ],
  ["stopEnforcingAddresses", (actor) => stopEnforcingAddresses(actor)],
  ["stopObservingAddresses", (actor) => stopObservingAddresses(actor)],
  ["inviteMember", (actor) => inviteMember(actor, { email: "new@example.com", role: "viewer" })],
  ["resendInvitation", async (actor, { invitation }) => resendInvitation(actor, await invitation())],
  ["handOutInvitation", async (actor, { invitation }) => handOutInvitation(actor, await invitation())],
  ["withdrawInvitation", async (actor, { invitation }) => withdrawInvitation(actor, await invitation())],
  ["endMemberSessions", (actor, { member }) => endMemberSessions(actor, { userId: member })],
  ["changeMemberRole", (actor, { member }) => changeMemberRole(actor, { userId: member, role: "admin" })],
  ["transferOwnership", (actor, { member }) => transferOwnership(actor, { userId: member })],
  ["removeMember", (actor, { member }) => removeMember(actor, { userId: member })],
  ["changeOwnName", (actor) => changeOwnName(actor, { name: "Ana" })],
  ["renameAccount", (actor) => renameAccount(actor, { accountName: "Patisserie" })],
  ["changeRetention", (actor) => changeRetention(actor, { days: "60" })],
  ["exportAudit", (actor) => exportAudit(actor, { format: "jsonl" })],
  ["requireTwoStep", (actor) => requireTwoStep(actor, { required: false })],
  ["prove", (actor) => prove(actor, { password: "wrong" })],
  ["leaveAccount", (actor) => leaveAccount(actor)],
  ["deleteAccount", (actor) => deleteAccount(actor, { confirmName: "Patisserie" })],
  ["signOut", (actor) => signOut(actor)],
];

/** They need an authenticator or a provider, and only note in the session that there was one: as `prove` does. */
const likeProve = ["proveWithPasskey", "proveWithIdentity"];

const heardOf = hearAnnouncements();

/** All that decisions about the account's instances depend on, but for the epoch itself. */
async function decisive(accountId: string): Promise<unknown> {
  const ids = (await db.instance.findMany({ where: { accountId }, select: { id: true } })).map(
    ({ id }) => id,
  );
  const { policies } = await readPolicies(ids.sort());
  const [names] = await readDirectoryParts([accountId]);
  return [...ids.map((id) => [id, { ...policies.get(id), epoch: null }]), names && { ...names, epoch: null }];
}

async function isDone(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

describe.each<Role>(["owner", "admin", "viewer"])("whatever a gate would answer differently", (role) => {
  test(`is announced when it is changed by the role ${role}, and nothing else is`, async () => {
    const accountId = await makeAccount(confirmation);
    // A second owner goes on where the role may not, so that the next step finds something to do.
    const owner = await makeActor("owner", accountId);
    const actor = role === "owner" ? owner : await makeActor(role, accountId);
    const spare = await makeActor("owner", accountId);
    const world = await makeWorld(spare);
    const altering: string[] = [];
    let before = await decisive(accountId);
    let announced = (await heardOf(accountId)).length;
    for (const [name, take] of steps) {
      for (const by of [actor, spare]) {
        const done = await isDone(take(by, world));
        const after = await decisive(accountId);
        const altered = !isDeepStrictEqual(before, after);
        if (altered) altering.push(name);
        const heard = (await heardOf(accountId)).length;
        expect([name, by === actor, heard > announced]).toEqual([name, by === actor, altered]);
        [before, announced] = [after, heard];
        if (done) break;
      }
    }
    // Otherwise the steps would have found nothing to do.
    expect(new Set(altering).size).toBeGreaterThan(18);
  }, 60_000);
});

test("every change of an account is among the steps", async () => {
  const declared = [...(await declaredUseCases())].filter(([, { kind }]) => kind === "change");
  const taken = [...steps.map(([name]) => name), ...likeProve];
  expect(declared.map(([name]) => name).sort()).toEqual([...new Set(taken)].sort());
});
