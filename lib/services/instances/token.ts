import { randomBytes } from "node:crypto";
import { z } from "zod";
import { instanceTokenDigest } from "@/lib/crypto/digest";
import { boxContext, seal, unseal } from "@/lib/crypto/sealed-box";
import { db } from "@/lib/db/client";
import { Refusal } from "@/lib/domain/errors";
import { newInstanceToken } from "@/lib/domain/token-format";
import { fatesOfInstance, requireNameToBreak } from "../callers/consequence";
import { consentOfInstance } from "../parse";
import { changeUseCase } from "../use-case";
import { findInstance, instanceEvent } from "./find";

/** An instance token as it is stored, and once in plain. */
interface MintedToken {
  readonly token: string;
  /** What another instance with this token may be kept under: two while a secret is being replaced. */
  readonly digests: Uint8Array<ArrayBuffer>[];
  readonly stored: { readonly tokenDigest: Uint8Array<ArrayBuffer>; readonly tokenSealed: string };
}

/** Makes a new token for an instance, or keeps one that its callers have already. */
export function mintInstanceToken(
  instanceId: string,
  token: string = newInstanceToken(randomBytes),
): MintedToken {
  const tokenDigest = new Uint8Array(instanceTokenDigest(token));
  const digests = instanceTokenDigest.each(token);
  return {
    token,
    digests,
    stored: { tokenDigest, tokenSealed: seal(token, boxContext.instanceToken(instanceId)) },
  };
}

/** Opens the token of an instance, for what is done with it here. Nobody sees it without `revealInstanceToken`. */
export function openInstanceToken({
  id,
  tokenSealed,
}: {
  readonly id: string;
  readonly tokenSealed: string;
}) {
  return unseal(tokenSealed, boxContext.instanceToken(id));
}

/**
 * Shows an instance's token. Asks for a fresh proof of who acts, and leaves an event.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`
 */
export const revealInstanceToken = changeUseCase({
  permission: "instance.reveal",
  altersDecision: false,
  input: z.object({ instanceId: z.string() }),
  run: async ({ tx, account }, { instanceId }) => {
    const instance = await findInstance(tx, account.id, instanceId);
    const token = openInstanceToken(instance);
    return { result: { token }, event: instanceEvent("instance.token_revealed", instance) };
  },
});

/**
 * Replaces an instance's token; the old one dies at once. Of two clicks at once one wins, so that the token
 * one person is looking at is never replaced behind their back.
 *
 * `confirmName` is the instance's name: required when it has callers, unless all of them were called gone.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, `conflict`, or `invalid` (confirmName: name_mismatch,
 *   callers_changed)
 */
export const regenerateInstanceToken = changeUseCase({
  permission: "instance.regenerate",
  altersDecision: true,
  input: z.object({ instanceId: z.string(), ...consentOfInstance }),
  before: ({ accountId }, { instanceId }) => findInstance(db, accountId, instanceId),
  run: async ({ tx, account }, { instanceId, confirmName: typed, named }, before) => {
    const instance = await findInstance(tx, account.id, instanceId);
    if (instance.tokenSealed !== before.tokenSealed) throw new Refusal("conflict");
    const fates = await fatesOfInstance(account.id, instance.id, "regenerate", new Date(), tx);
    requireNameToBreak(fates, instance, { typed, named }, "confirmName");
    const { token, stored } = mintInstanceToken(instance.id);
    await tx.instance.update({ where: { id: instance.id, accountId: account.id }, data: stored });
    return { result: { token }, event: instanceEvent("instance.token_regenerated", instance) };
  },
});
