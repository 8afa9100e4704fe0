import { z } from "zod";
import { invalidField, Refusal } from "@/lib/domain/errors";
import { presets } from "@/lib/domain/preset";
import { namingNeeds } from "@/lib/domain/service-view";
import type { AuditRecord } from "../audit/append";
import { addInstance } from "../instances/change";
import { credentialSchema, labelSchema } from "../instances/naming";
import { optionalNameSchema, refuse } from "../parse";
import { changeUseCase } from "../use-case";
import { addService, newServiceFields } from "./change";
import { hostNameSchema } from "./host-names";

const mostInstances = 20;

const firstInstance = z.object({
  /** Left out: it is called as its requests call it. */
  name: optionalNameSchema.default(null),
  label: labelSchema.default(null),
  token: credentialSchema.default(null),
  host: hostNameSchema.optional(),
});

const instancesSchema = z.array(firstInstance).superRefine((instances, context) => {
  if (instances.length > mostInstances) refuse(context, "instances_too_many", { max: mostInstances });
});

/** Says of a refusal which of several instances it is about. */
async function about<T>(position: number, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "invalid") throw error;
    const fields = error.fields.map((each) => ({ ...each, field: `instances.${position}.${each.field}` }));
    throw new Refusal("invalid", { fields });
  }
}

/**
 * Makes a service by a preset, together with its first instances: all of it or nothing. Each instance has what requests
 * need to name it; a service that has routes has a host name to be called by.
 *
 * @throws Refusal `forbidden`, or `invalid` (the fields of `createService`, and instances.N.name, .label, .token, .host)
 */
export const setUpService = changeUseCase({
  permission: "instance.create",
  altersDecision: true,
  input: z.object({ ...newServiceFields, instances: instancesSchema }),
  run: async ({ tx, account }, { instances, ...input }) => {
    const needs = namingNeeds(input.routes ?? presets[input.preset].routes);
    if (!needs.host && input.hosts.length === 0) throw invalidField("hosts", "required");
    if (input.upstreamUrl === null) throw invalidField("upstreamUrl", "required");
    const { serviceId, event } = await addService(tx, account.id, input);
    const later: AuditRecord[] = [];
    const instanceIds: string[] = [];
    for (const [position, given] of instances.entries()) {
      const made = await about(position, () => {
        const { label, token, host } = given;
        if (needs.label && label === null) throw invalidField("label", "required");
        if (needs.credential === "required" && token === null) throw invalidField("token", "required");
        if (needs.host && host === undefined) throw invalidField("host", "required");
        const name = given.name ?? label;
        if (name === null) throw invalidField("name", "required");
        return addInstance(tx, account.id, { ...given, givenId: null, name, upstreamUrl: null, serviceId });
      });
      later.push(made.event);
      instanceIds.push(made.instanceId);
    }
    return { result: { serviceId, instanceIds }, event, later };
  },
});
