import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import type { UpstreamHeader } from "@/lib/domain/instance";
import { authorize } from "../authorize";
import { change } from "../change";
import { parse } from "../parse";
import { instanceEvent } from "./event";
import { findInstance } from "./find";
import { headersSchema } from "./header-schema";
import { keepHeaders } from "./keep-headers";
import { openHeaders, sealHeaders } from "./sealed-headers";
import { upstreamLabel, upstreamUrlSchema } from "./upstream-schema";

const schema = z.object({ instanceId: z.string(), upstreamUrl: upstreamUrlSchema, headers: headersSchema });

const originOf = (url: string | null): string | null => (url === null ? null : new URL(url).origin);

/** Where an instance's requests go, and what is added to them. */
export interface UpstreamChange {
  readonly instanceId: string;
  /** Empty text means the built-in echo. */
  readonly upstreamUrl: string;
  /** All headers there shall be. A null value keeps the stored one, as long as the upstream's origin stays. */
  readonly headers: readonly UpstreamHeader[];
}

/**
 * Changes where an instance's requests go.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, or `invalid` (upstreamUrl, headers,
 *   headers.N.name, headers.N.value)
 */
export async function changeUpstream(actor: Actor, input: UpstreamChange): Promise<void> {
  authorize(actor, "instance.upstream");
  const { instanceId, upstreamUrl, headers } = parse(schema, input);
  await change(actor, "instance.upstream", async ({ tx, account }) => {
    const instance = await findInstance(tx, account.id, instanceId);
    const sameOrigin = originOf(instance.upstreamUrl) === originOf(upstreamUrl);
    const stored = sameOrigin ? openHeaders(instance.id, instance.headersSealed) : [];
    const pairs = keepHeaders(headers, stored);
    await tx.instance.update({
      where: { id: instance.id, accountId: account.id },
      data: { upstreamUrl, headersSealed: sealHeaders(instance.id, pairs) },
    });
    const details = {
      from: upstreamLabel(instance.upstreamUrl),
      to: upstreamLabel(upstreamUrl),
      headers: pairs.length,
    };
    const event = instanceEvent("instance.upstream_changed", instance, details);
    return { result: undefined, event, altersDecision: true };
  });
}
