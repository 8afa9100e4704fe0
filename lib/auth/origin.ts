import { headers } from "next/headers";
import type { Origin } from "@/lib/domain/actor";
import { clientAddress } from "@/lib/gate/client-address";

/** Longest user agent that is kept, in characters. */
const userAgentMaxLength = 512;

/** Where a request with these headers came from. Without a known address all share one: limits still hold. */
export function originOf(headers: { get(name: string): string | null }): Origin {
  return {
    address: clientAddress(headers) ?? "unknown",
    userAgent: (headers.get("user-agent") ?? "").slice(0, userAgentMaxLength),
  };
}

/** Where the current request came from. */
export async function requestOrigin(): Promise<Origin> {
  return originOf(await headers());
}
