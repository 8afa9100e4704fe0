import { type AddressList, canonicalAddress } from "./address-list";

/** Where a request came from, as far as trusted machines say so. */
export interface ResolvedClient {
  /** Canonical address of the client; null when nobody trustworthy named one. */
  readonly address: string | null;
  /** True when the other end of the connection is a trusted proxy, so its `X-Forwarded-*` count. */
  readonly viaTrustedProxy: boolean;
}

/**
 * Reads `X-Forwarded-For` from the right, through trusted proxies only: the first address that is not
 * one of them is the client. Everything left of it was written by somebody we do not know.
 *
 * @param peer the address of the other end of the connection
 * @param forwardedFor the header's value, its lines joined with commas; null when there was none
 */
export function resolveClient(
  peer: string | null,
  forwardedFor: string | null,
  trusted: AddressList,
): ResolvedClient {
  let address = peer === null ? null : canonicalAddress(peer);
  if (address === null || !trusted.includes(address)) return { address, viaTrustedProxy: false };
  const hops = forwardedFor?.split(",") ?? [];
  for (const hop of hops.reverse()) {
    const next = canonicalAddress(hop);
    // A trusted proxy wrote something else here, `unknown` for instance: no address is better than a guess.
    if (next === null) return { address: null, viaTrustedProxy: true };
    address = next;
    if (!trusted.includes(next)) break;
  }
  return { address, viaTrustedProxy: true };
}
