import { z } from "zod";
import { unseal } from "@/lib/crypto/sealed-box";
import type { HeaderLine } from "@/lib/domain/forwarded-headers";
import type { InstancePolicy } from "@/lib/domain/gate";

const pairs = z.array(z.tuple([z.string(), z.string()]));

/**
 * Opens an instance's own request headers.
 *
 * @throws Error when they were sealed with another secret or altered; the request must not go without them
 */
export function openOwnHeaders({ instanceId, headersSealed }: InstancePolicy): HeaderLine[] {
  if (headersSealed === null) return [];
  return pairs.parse(JSON.parse(unseal(headersSealed, `instance:${instanceId}:headers`)));
}
