import { z } from "zod";
import { invalidField } from "@/lib/domain/errors";
import type { WrittenRoute } from "@/lib/domain/preset";
import { namingNeeds } from "@/lib/domain/service-view";
import { findService } from "../services/change";
import { hostsSchema, setHostNames } from "../services/host-names";
import { changeUseCase } from "../use-case";
import { findInstance, instanceEvent } from "./find";
import { labelSchema } from "./naming";

/**
 * Changes what callers name an instance by: its name within its service, and host names of its own. Both are as they shall
 * be. Calls under a name that it had before are for nobody from then on.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, or `invalid` (label, hosts, hosts.N)
 */
export const changeInstanceNaming = changeUseCase({
  permission: "instance.upstream",
  altersDecision: true,
  input: z.object({ instanceId: z.string(), label: labelSchema, hosts: hostsSchema }),
  run: async ({ tx, account }, { instanceId, hosts, ...input }) => {
    const instance = await findInstance(tx, account.id, instanceId);
    const { id, serviceId } = instance;
    // Without a service there is nothing within which it could have a name.
    const label = serviceId === null ? null : input.label;
    const before = await tx.hostName.findMany({ where: { instanceId: id, accountId: account.id } });
    const sameHosts =
      before.length === new Set(hosts).size && before.every(({ name }) => hosts.includes(name));
    if (label === instance.label && sameHosts) return { result: undefined, event: null };
    if (serviceId !== null && label !== instance.label) {
      const service = await findService(tx, account.id, serviceId);
      const needs = namingNeeds(service.routes as unknown as WrittenRoute[]);
      if (label === null && needs.label && hosts.length === 0) throw invalidField("label", "required");
      if (label !== null && (await tx.instance.findFirst({ where: { serviceId, label, id: { not: id } } })))
        throw invalidField("label", "label_taken");
      await tx.instance.update({ where: { id, accountId: account.id }, data: { label } });
    }
    await setHostNames(tx, account.id, { instanceId: id }, hosts, "hosts");
    const event = instanceEvent("instance.naming_changed", instance, { hosts: hosts.length });
    return { result: undefined, event };
  },
});
