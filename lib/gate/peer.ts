import { canonicalAddress } from "@/lib/domain/address-list";
import { type ResolvedClient, throughProxies } from "@/lib/domain/client-address";
import type { HeaderLine } from "@/lib/domain/forwarded-headers";
import { claimsOf, trustedProxies } from "./client-address";
import { valuesOf } from "./header-lines";

const mostKnown = 20_000;

/** Peers that are not proxies, by the text of their address: parsing it costs more than a look-up. */
const direct = new Map<string, ResolvedClient>();

/** Finds the client behind the other end of a connection. */
export function peerClient(
  remoteAddress: string | undefined,
  headers: readonly HeaderLine[],
): ResolvedClient {
  if (remoteAddress === undefined) return { address: null, host: null, protocol: null };
  const known = direct.get(remoteAddress);
  if (known) return known;
  const address = canonicalAddress(remoteAddress);
  if (address !== null && trustedProxies().includes(address)) {
    const lines = { get: (name: string) => valuesOf(headers, name).join(",") || null };
    return throughProxies(address, claimsOf(lines), trustedProxies());
  }
  const client: ResolvedClient = { address, host: null, protocol: null };
  if (direct.size >= mostKnown) direct.clear();
  direct.set(remoteAddress, client);
  return client;
}
