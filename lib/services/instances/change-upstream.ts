import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { firstByteLimits, type UpstreamHeader } from "@/lib/domain/instance";
import { authorize } from "../authorize";
import { change } from "../change";
import { parse, refuse } from "../parse";
import { instanceEvent } from "./event";
import { findInstance } from "./find";
import { headersSchema } from "./header-schema";
import { keepHeaders } from "./keep-headers";
import { openHeaders, sealHeaders } from "./sealed-headers";
import { upstreamLabel, upstreamUrlSchema } from "./upstream-schema";

/** Seconds as typed; empty text means the server's default (null). */
const firstByteSchema = z.string().transform((text, context): number | null => {
  if (text.trim() === "") return null;
  const seconds = /^\s*\d{1,5}\s*$/.test(text) ? Number(text) : Number.NaN;
  const inRange = seconds >= firstByteLimits.min && seconds <= firstByteLimits.max;
  if (!inRange) refuse(context, "seconds_invalid", firstByteLimits);
  return seconds;
});

const schema = z.object({
  instanceId: z.string(),
  upstreamUrl: upstreamUrlSchema,
  headers: headersSchema,
  firstByteSeconds: firstByteSchema,
});

const originOf = (url: string | null): string | null => (url === null ? null : new URL(url).origin);

/** Where an instance's requests go, and what is added to them. */
export interface UpstreamChange {
  readonly instanceId: string;
  /** Empty text means the built-in echo. */
  readonly upstreamUrl: string;
  /** All headers there shall be. A null value keeps the stored one, as long as the upstream's origin stays. */
  readonly headers: readonly UpstreamHeader[];
  /** How long the upstream may take to begin its answer. Empty text means the server's default. */
  readonly firstByteSeconds: string;
}

/**
 * Changes where an instance's requests go.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, or `invalid` (upstreamUrl, headers,
 *   headers.N.name, headers.N.value, firstByteSeconds)
 */
export async function changeUpstream(actor: Actor, input: UpstreamChange): Promise<void> {
  authorize(actor, "instance.upstream");
  const { instanceId, upstreamUrl, headers, firstByteSeconds } = parse(schema, input);
  await change(actor, "instance.upstream", async ({ tx, account }) => {
    const instance = await findInstance(tx, account.id, instanceId);
    const sameOrigin = originOf(instance.upstreamUrl) === originOf(upstreamUrl);
    const stored = sameOrigin ? openHeaders(instance.id, instance.headersSealed) : [];
    const pairs = keepHeaders(headers, stored);
    await tx.instance.update({
      where: { id: instance.id, accountId: account.id },
      data: { upstreamUrl, firstByteSeconds, headersSealed: sealHeaders(instance.id, pairs) },
    });
    const details = {
      from: upstreamLabel(instance.upstreamUrl),
      to: upstreamLabel(upstreamUrl),
      headers: pairs.length,
      ...(firstByteSeconds !== null && { firstByteSeconds }),
    };
    const event = instanceEvent("instance.upstream_changed", instance, details);
    return { result: undefined, event, altersDecision: true };
  });
}
