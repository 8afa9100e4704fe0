import { z } from "zod";
import { db } from "@/lib/db/client";
import type { StoredInstance, Transaction } from "@/lib/db/transaction";
import type { Consequence } from "@/lib/domain/caller-view";
import { invalidField } from "@/lib/domain/errors";
import type { WrittenRoute } from "@/lib/domain/preset";
import { namingChange, type RoutesChange } from "@/lib/domain/route-change";
import { namingNeeds } from "@/lib/domain/service-view";
import { fatesOfService } from "../callers/calls";
import { readConsequence, requireNameToBreak } from "../callers/consequence";
import { consentOfInstance } from "../parse";
import { findService } from "../services/change";
import { hostsSchema, setHostNames } from "../services/host-names";
import { changeUseCase, readUseCase } from "../use-case";
import { findInstance, instanceEvent } from "./find";
import { labelSchema } from "./naming";

/** What callers name an instance by, as it shall be. */
const namingFields = z.object({ instanceId: z.string(), label: labelSchema, hosts: hostsSchema });

/** A change of what callers name an instance by. */
interface NamingChange {
  readonly instance: StoredInstance;
  readonly label: string | null;
  readonly isSame: boolean;
  /** What it takes from callers; null: nothing. */
  readonly routes: RoutesChange | null;
}

/**
 * What callers would name an instance by, and what that takes from them.
 *
 * @throws Refusal `not_found`, or `invalid` (label)
 */
async function namingChangeOf(
  tx: Pick<Transaction, "instance" | "service" | "hostName">,
  accountId: string,
  { instanceId, hosts, ...input }: z.output<typeof namingFields>,
): Promise<NamingChange> {
  const instance = await findInstance(tx, accountId, instanceId);
  const { id, serviceId } = instance;
  const known = (await tx.hostName.findMany({ where: { instanceId: id, accountId } })).map(
    ({ name }) => name,
  );
  // Without a service there is nothing within which it could have a name.
  const label = serviceId === null ? null : input.label;
  const routes: WrittenRoute[] = [];
  if (serviceId !== null && label !== instance.label) {
    const service = await findService(tx, accountId, serviceId);
    routes.push(...(service.routes as unknown as WrittenRoute[]));
    if (label === null && namingNeeds(routes).label && hosts.length === 0)
      throw invalidField("label", "required");
    if (label !== null && (await tx.instance.findFirst({ where: { serviceId, label, id: { not: id } } })))
      throw invalidField("label", "label_taken");
  }
  const sameHosts = known.length === new Set(hosts).size && known.every((name) => hosts.includes(name));
  return {
    instance,
    label,
    isSame: sameHosts && label === instance.label,
    routes: namingChange(routes, { label: instance.label, hosts: known }, { label, hosts }),
  };
}

/**
 * Whom another name within its service, or host names taken away, would turn away of an instance's callers; null when that
 * turns nobody away, whoever calls.
 *
 * @throws Refusal `forbidden`, `not_found`, or `invalid` (label, hosts.N)
 */
export const forecastInstanceNaming = readUseCase({
  permission: "caller.read",
  input: namingFields,
  run: async ({ accountId }, input): Promise<Consequence | null> => {
    const now = new Date();
    const { instance, routes } = await namingChangeOf(db, accountId, input);
    if (routes === null) return null;
    const fates = await fatesOfService(accountId, { id: instance.id }, { routes, moves: false }, now);
    return readConsequence(accountId, "service", fates, now);
  },
});

/**
 * Changes what callers name an instance by: its name within its service, and host names of its own. Both are as they shall
 * be. Calls under a name that it had before are for nobody from then on. `confirmName` is the instance's name: required when
 * that turns a caller away, or may.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, or `invalid` (label, hosts, hosts.N, confirmName: name_mismatch,
 *   callers_changed)
 */
export const changeInstanceNaming = changeUseCase({
  permission: "instance.upstream",
  altersDecision: true,
  input: namingFields.extend(consentOfInstance),
  run: async ({ tx, account }, { confirmName: typed, named, ...input }) => {
    const { instance, label, isSame, routes } = await namingChangeOf(tx, account.id, input);
    if (isSame) return { result: undefined, event: null };
    const { id } = instance;
    if (routes !== null) {
      const change = { routes, moves: false };
      const fates = await fatesOfService(account.id, { id }, change, new Date(), tx);
      requireNameToBreak(fates, instance, { typed, named }, "confirmName");
    }
    await tx.instance.update({ where: { id, accountId: account.id }, data: { label } });
    await setHostNames(tx, account.id, { instanceId: id }, input.hosts, "hosts");
    const details = { hosts: input.hosts.length };
    return { result: undefined, event: instanceEvent("instance.naming_changed", instance, details) };
  },
});
