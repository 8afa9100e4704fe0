import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Transaction } from "@/lib/db/transaction";
import type { Actor } from "@/lib/domain/actor";
import { invalidField } from "@/lib/domain/errors";
import { seenKey, shownName } from "@/lib/domain/seen-text";
import { newInstanceId } from "@/lib/domain/token-format";
import { authorize } from "../authorize";
import { change } from "../change";
import { nameSchema, parse, requireTypedName, typedNameSchema } from "../parse";
import { findInstance, instanceEvent } from "./find";
import { mintInstanceToken } from "./token";
import { upstreamLabel, upstreamUrlSchema } from "./upstream";

/**
 * Makes sure that no other instance of the account has a name that looks like this one, whatever its case: names are what people
 * confirm a removal by. Race-free, because every change holds the account's row.
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
  const key = (text: string) => seenKey(shownName(text)).toLowerCase();
  const wanted = key(name);
  if (others.some((other) => key(other.name) === wanted)) throw invalidField("name", "name_taken");
}

const schema = z.object({ name: nameSchema, upstreamUrl: upstreamUrlSchema.default(null) });

/**
 * Makes an instance. Without upstream URL the built-in echo answers its callers.
 *
 * @throws Refusal `forbidden`, or `invalid` (name, upstreamUrl)
 */
export async function createInstance(
  actor: Actor,
  input: { name: string; upstreamUrl?: string | undefined },
): Promise<{ instanceId: string }> {
  authorize(actor, "instance.create");
  const { name, upstreamUrl } = parse(schema, input);
  const id = newInstanceId(randomBytes);
  return change(actor, "instance.create", async ({ tx, account }) => {
    await requireFreeName(tx, account.id, name);
    const { stored } = mintInstanceToken(id);
    await tx.instance.create({ data: { id, accountId: account.id, name, upstreamUrl, ...stored } });
    return {
      result: { instanceId: id },
      event: instanceEvent("instance.created", { id, name }, { upstream: upstreamLabel(upstreamUrl) }),
      altersDecision: true,
    };
  });
}

const renameSchema = z.object({ instanceId: z.string(), name: nameSchema });

/**
 * Gives an instance another name. Callers notice nothing.
 *
 * @throws Refusal `forbidden`, `not_found`, or `invalid` (name)
 */
export async function renameInstance(
  actor: Actor,
  input: { instanceId: string; name: string },
): Promise<void> {
  authorize(actor, "instance.change");
  const { instanceId, name } = parse(renameSchema, input);
  await change(actor, "instance.change", async ({ tx, account }) => {
    const instance = await findInstance(tx, account.id, instanceId);
    if (instance.name === name) return { result: undefined, event: null, altersDecision: false };
    await requireFreeName(tx, account.id, name, instance.id);
    await tx.instance.update({ where: { id: instance.id, accountId: account.id }, data: { name } });
    const details = { from: instance.name, to: name };
    const event = instanceEvent("instance.renamed", { id: instance.id, name }, details);
    return { result: undefined, event, altersDecision: false };
  });
}

const setPausedSchema = z.object({ instanceId: z.string() });

/** Pauses or resumes; an instance that is so already stays so, and nothing is recorded. */
export async function setPaused(actor: Actor, input: { instanceId: string }, paused: boolean): Promise<void> {
  authorize(actor, "instance.change");
  const { instanceId } = parse(setPausedSchema, input);
  await change(actor, "instance.change", async ({ tx, account }) => {
    const instance = await findInstance(tx, account.id, instanceId);
    if ((instance.pausedAt !== null) === paused) {
      return { result: undefined, event: null, altersDecision: false };
    }
    await tx.instance.update({
      where: { id: instance.id, accountId: account.id },
      data: { pausedAt: paused ? new Date() : null },
    });
    const event = instanceEvent(paused ? "instance.paused" : "instance.resumed", instance);
    return { result: undefined, event, altersDecision: true };
  });
}

/**
 * Answers every caller of an instance with 403 until it is resumed. Safe to call twice.
 *
 * @throws Refusal `forbidden`, `not_found`
 */
export function pauseInstance(actor: Actor, input: { instanceId: string }): Promise<void> {
  return setPaused(actor, input, true);
}

/**
 * Lets callers of a paused instance through again. Safe to call twice.
 *
 * @throws Refusal `forbidden`, `not_found`
 */
export function resumeInstance(actor: Actor, input: { instanceId: string }): Promise<void> {
  return setPaused(actor, input, false);
}

const removeSchema = z.object({ instanceId: z.string(), confirmName: typedNameSchema });

/**
 * Removes an instance for good. Its URL answers 404 from then on.
 *
 * @param input `confirmName`: the instance's name, typed by the person who removes it
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, or `invalid` (confirmName: name_mismatch)
 */
export async function removeInstance(
  actor: Actor,
  input: { instanceId: string; confirmName: string },
): Promise<void> {
  authorize(actor, "instance.delete");
  const { instanceId, confirmName } = parse(removeSchema, input);
  await change(actor, "instance.delete", async ({ tx, account }) => {
    const instance = await findInstance(tx, account.id, instanceId);
    requireTypedName(instance, confirmName, "confirmName");
    await tx.instance.delete({ where: { id: instance.id, accountId: account.id } });
    return { result: undefined, event: instanceEvent("instance.deleted", instance), altersDecision: true };
  });
}
