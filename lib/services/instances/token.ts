import { randomBytes } from "node:crypto";
import { z } from "zod";
import { instanceTokenDigest } from "@/lib/crypto/digest";
import { seal, unseal } from "@/lib/crypto/sealed-box";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { newInstanceToken } from "@/lib/domain/token-format";
import { authorize } from "../authorize";
import { change } from "../change";
import { parse } from "../parse";
import { findInstance, instanceEvent } from "./find";

/** An instance token in its two stored forms, and once in plain. */
interface MintedToken {
  readonly token: string;
  readonly stored: { readonly tokenDigest: Uint8Array<ArrayBuffer>; readonly tokenSealed: string };
}

const tokenContext = (instanceId: string): string => `instance:${instanceId}:token`;

/** Makes a new token for an instance. */
export function mintInstanceToken(instanceId: string): MintedToken {
  const token = newInstanceToken(randomBytes);
  const tokenDigest = new Uint8Array(instanceTokenDigest(token));
  return { token, stored: { tokenDigest, tokenSealed: seal(token, tokenContext(instanceId)) } };
}

/** The token of an instance in plain. */
function openInstanceToken(instanceId: string, sealed: string): string {
  return unseal(sealed, tokenContext(instanceId));
}

const schema = z.object({ instanceId: z.string() });

/**
 * Shows an instance's token. Asks for a fresh proof of who acts, and leaves an event.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`
 */
export async function revealInstanceToken(
  actor: Actor,
  input: { instanceId: string },
): Promise<{ token: string }> {
  authorize(actor, "instance.reveal");
  const { instanceId } = parse(schema, input);
  return change(actor, "instance.reveal", async ({ tx, account }) => {
    const instance = await findInstance(tx, account.id, instanceId);
    const token = openInstanceToken(instance.id, instance.tokenSealed);
    const event = instanceEvent("instance.token_revealed", instance);
    return { result: { token }, event, altersDecision: false };
  });
}

const regenerateTokenSchema = z.object({ instanceId: z.string() });

/**
 * Replaces an instance's token; the old one dies at once. Of two clicks at once one wins, so that the token
 * one person is looking at is never replaced behind their back.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, `conflict`
 */
export async function regenerateInstanceToken(
  actor: Actor,
  input: { instanceId: string },
): Promise<{ token: string }> {
  authorize(actor, "instance.regenerate");
  const { instanceId } = parse(regenerateTokenSchema, input);
  const before = await findInstance(db, actor.accountId, instanceId);
  return change(actor, "instance.regenerate", async ({ tx, account }) => {
    const instance = await findInstance(tx, account.id, instanceId);
    if (instance.tokenSealed !== before.tokenSealed) throw new Refusal("conflict");
    const { token, stored } = mintInstanceToken(instance.id);
    await tx.instance.update({ where: { id: instance.id, accountId: account.id }, data: stored });
    const event = instanceEvent("instance.token_regenerated", instance);
    return { result: { token }, event, altersDecision: true };
  });
}
