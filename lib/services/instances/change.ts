import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Transaction } from "@/lib/db/transaction";
import { invalidField } from "@/lib/domain/errors";
import { nameKey } from "@/lib/domain/seen-text";
import { newInstanceId } from "@/lib/domain/token-format";
import type { AuditRecord } from "../audit/append";
import { fatesOfInstance, requireNameToBreak } from "../callers/consequence";
import { consentOfInstance, nameSchema, requireTypedName, typedNameSchema } from "../parse";
import { findService } from "../services/change";
import { hostNameSchema, setHostNames } from "../services/host-names";
import { changeUseCase } from "../use-case";
import { findInstance, instanceEvent } from "./find";
import { credentialSchema, labelSchema, requireFreeGivenId } from "./naming";
import { mintInstanceToken } from "./token";
import { upstreamLabel, upstreamUrlSchema } from "./upstream";

/**
 * Makes sure that no other instance of the account has a name that looks like this one, whatever its case: names are
 * what people confirm a removal by. Race-free, because every change holds the account's row.
 *
 * @throws Refusal `invalid` (name: name_taken)
 */
async function requireFreeName(
  tx: Transaction,
  accountId: string,
  name: string,
  exceptId = "",
): Promise<void> {
  const others = await tx.instance.findMany({
    where: { accountId, id: { not: exceptId } },
    select: { name: true },
  });
  const wanted = nameKey(name);
  const namesake = others.find((other) => nameKey(other.name) === wanted);
  if (namesake) throw invalidField("name", "name_taken", { name: namesake.name });
}

/** How requests to an instance name it, besides its own path. */
const namingSchema = {
  serviceId: z.string().optional(),
  label: labelSchema.default(null),
  givenId: labelSchema.default(null),
  token: credentialSchema.default(null),
  host: hostNameSchema.optional(),
};

/**
 * Makes sure that the service is the account's, and that within it no other instance has this name or this credential.
 * Race-free, because every change holds the account's row.
 *
 * @throws Refusal `not_found`, or `invalid` (upstreamUrl, label, token)
 */
async function requireFreeNaming(
  tx: Transaction,
  accountId: string,
  given: {
    readonly serviceId: string;
    readonly label: string | null;
    readonly upstreamUrl: string | null;
    readonly digests: Uint8Array<ArrayBuffer>[];
    readonly isNamed: boolean;
  },
): Promise<string> {
  const { id: serviceId } = await findService(tx, accountId, given.serviceId);
  const { label, digests } = given;
  // Its service's key would go wherever it leads.
  if (given.upstreamUrl !== null) throw invalidField("upstreamUrl", "by_service");
  if (!given.isNamed) throw invalidField("label", "required");
  if (label !== null && (await tx.instance.findFirst({ where: { serviceId, label } })))
    throw invalidField("label", "label_taken");
  if (await tx.instance.findFirst({ where: { serviceId, tokenDigest: { in: digests } } }))
    throw invalidField("token", "credential_taken");
  return serviceId;
}

const newInstanceFields = { name: nameSchema, upstreamUrl: upstreamUrlSchema.default(null), ...namingSchema };

/**
 * Adds an instance to an account whose row is held, and says so for the trail.
 *
 * @throws Refusal `not_found` (the service), or `invalid` (name, upstreamUrl, label, givenId, token, host)
 */
export async function addInstance(
  tx: Transaction,
  accountId: string,
  {
    name,
    upstreamUrl,
    label,
    givenId,
    token,
    host,
    ...input
  }: z.output<z.ZodObject<typeof newInstanceFields>>,
): Promise<{ readonly instanceId: string; readonly event: AuditRecord }> {
  await requireFreeName(tx, accountId, name);
  const id = newInstanceId(randomBytes);
  const { stored, digests } = mintInstanceToken(id, token ?? undefined);
  const naming =
    input.serviceId === undefined
      ? { serviceId: null, label: null }
      : {
          serviceId: await requireFreeNaming(tx, accountId, {
            serviceId: input.serviceId,
            label,
            upstreamUrl,
            digests,
            isNamed: label !== null || token !== null || host !== undefined,
          }),
          label,
        };
  if (givenId !== null) await requireFreeGivenId(tx, accountId, givenId, digests);
  const data = { id, accountId, name, upstreamUrl, givenId, ...naming, ...stored };
  // Somebody else may be giving the same id and token at this moment.
  const { count } = await tx.instance.createMany({ data: [data], skipDuplicates: true });
  if (count === 0) throw invalidField("givenId", "id_unusable");
  if (host !== undefined) await setHostNames(tx, accountId, { instanceId: id }, [host], "host");
  const { serviceId } = naming;
  const details = serviceId === null ? { upstream: upstreamLabel(upstreamUrl) } : { service: serviceId };
  return { instanceId: id, event: instanceEvent("instance.created", { id, name }, details) };
}

/**
 * Makes an instance. Without upstream URL the built-in echo answers its callers. One of a service goes where that leads, and
 * is called by its `label` there, by its `token`, or under a `host` of its own; a token that its callers have already
 * stays as it is. A `givenId` that they have already counts in the contract's own path, together with the token.
 *
 * @throws Refusal `forbidden`, `not_found` (the service), or `invalid` (name, upstreamUrl, label, givenId, token, host)
 */
export const createInstance = changeUseCase({
  permission: "instance.create",
  altersDecision: true,
  input: z.object(newInstanceFields),
  run: async ({ tx, account }, input) => {
    const { instanceId, event } = await addInstance(tx, account.id, input);
    return { result: { instanceId }, event };
  },
});

/**
 * Gives an instance another name. Callers notice nothing.
 *
 * @throws Refusal `forbidden`, `not_found`, or `invalid` (name)
 */
export const renameInstance = changeUseCase({
  permission: "instance.change",
  altersDecision: false,
  input: z.object({ instanceId: z.string(), name: nameSchema }),
  run: async ({ tx, account }, { instanceId, name }) => {
    const { id, name: from } = await findInstance(tx, account.id, instanceId);
    if (from === name) return { result: undefined, event: null };
    await requireFreeName(tx, account.id, name, id);
    await tx.instance.update({ where: { id, accountId: account.id }, data: { name } });
    const event = instanceEvent("instance.renamed", { id, name }, { from, to: name });
    return { result: undefined, event };
  },
});

/**
 * Answers every caller of an instance with 403 until it is resumed, or lets them through again. An instance that is
 * so already stays so, and nothing is recorded.
 *
 * `confirmName` is the instance's name: required to pause one that has callers, unless all of them were called gone.
 *
 * @throws Refusal `forbidden`, `not_found`, or `invalid` (confirmName: name_mismatch, callers_changed)
 */
export const setInstancePaused = changeUseCase({
  permission: "instance.change",
  altersDecision: true,
  input: z.object({ instanceId: z.string(), paused: z.boolean(), ...consentOfInstance }),
  run: async ({ tx, account }, { instanceId, paused, confirmName: typed, named }) => {
    const instance = await findInstance(tx, account.id, instanceId);
    if ((instance.pausedAt !== null) === paused) return { result: undefined, event: null };
    if (paused) {
      const fates = await fatesOfInstance(account.id, instance.id, "pause", new Date(), tx);
      requireNameToBreak(fates, instance, { typed, named }, "confirmName");
    }
    const data = { pausedAt: paused ? new Date() : null };
    await tx.instance.update({ where: { id: instance.id, accountId: account.id }, data });
    const event = instanceEvent(paused ? "instance.paused" : "instance.resumed", instance);
    return { result: undefined, event };
  },
});

/**
 * Removes an instance for good. Its URL answers 404 from then on. `confirmName` is the instance's name, typed by the
 * person who removes it.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, or `invalid` (confirmName: name_mismatch)
 */
export const removeInstance = changeUseCase({
  permission: "instance.delete",
  altersDecision: true,
  input: z.object({ instanceId: z.string(), confirmName: typedNameSchema }),
  run: async ({ tx, account }, { instanceId, confirmName }) => {
    const instance = await findInstance(tx, account.id, instanceId);
    requireTypedName(instance, confirmName, "confirmName");
    await tx.instance.delete({ where: { id: instance.id, accountId: account.id } });
    return { result: undefined, event: instanceEvent("instance.deleted", instance) };
  },
});
