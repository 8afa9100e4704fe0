import { type AddressList, canonicalAddress } from "./address-list";
import { safeHost } from "./forwarded-headers";

/** What a request says of its way here: each header's lines joined with commas, null when there was none. */
export interface ForwardedClaims {
  /** `X-Forwarded-For` */
  readonly for: string | null;
  /** `X-Forwarded-Host` */
  readonly host: string | null;
  /** `X-Forwarded-Proto` */
  readonly proto: string | null;
}

/** Where a request came from and what it asked for, as far as trusted machines say so. */
export interface ResolvedClient {
  /** Canonical address of the client; null when nobody trustworthy named one. */
  readonly address: string | null;
  /** The host the client asked the outermost trusted proxy for; null when none named one fit for a header. */
  readonly host: string | null;
  /** How the client spoke to that proxy; null when none said so. */
  readonly protocol: "http" | "https" | null;
}

/** Traefik calls a WebSocket's scheme `ws` or `wss`. */
const protocols: ReadonlyMap<string | undefined, "http" | "https"> = new Map([
  ["http", "http"],
  ["ws", "http"],
  ["https", "https"],
  ["wss", "https"],
]);

/**
 * The entry that the outermost of so many proxies wrote, each of which appended one. Where a nearer proxy
 * replaced the list, fewer are left, and the first of them was written last.
 */
function entryOf(list: string | null, proxies: number): string | undefined {
  const entries = list?.split(",") ?? [];
  return entries[Math.max(0, entries.length - proxies)]?.trim();
}

/**
 * Reads `X-Forwarded-*` from the right, through trusted proxies only: the first address that is not one of
 * them is the client, and host and protocol are those that the same proxy wrote. Everything left of that
 * was written by somebody we do not know.
 *
 * @param nearest the address of the nearest proxy, which counts as trusted; null when it is not known
 */
export function throughProxies(
  nearest: string | null,
  claims: ForwardedClaims,
  trusted: AddressList,
): ResolvedClient {
  let address = nearest;
  let proxies = 0;
  for (const hop of claims.for?.split(",").reverse() ?? []) {
    proxies++;
    // A proxy may write something else here, `unknown` for instance: no address is better than a guess.
    address = canonicalAddress(hop);
    if (address === null || !trusted.includes(address)) break;
  }
  const written = Math.max(1, proxies);
  const protocol = protocols.get(entryOf(claims.proto, written)?.toLowerCase()) ?? null;
  return { address, host: safeHost(entryOf(claims.host, written)), protocol };
}

/**
 * Finds out who called and what for. Only a trusted proxy's word counts; `throughProxies` says how.
 *
 * @param peer the address of the other end of the connection
 */
export function resolveClient(
  peer: string | null,
  claims: ForwardedClaims,
  trusted: AddressList,
): ResolvedClient {
  const address = peer === null ? null : canonicalAddress(peer);
  if (address !== null && trusted.includes(address)) return throughProxies(address, claims, trusted);
  return { address, host: null, protocol: null };
}
