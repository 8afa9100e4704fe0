import { timingSafeEqual } from "node:crypto";
import { config } from "@/lib/config";
import { keyFor, keysFor } from "@/lib/crypto/keys";
import { type AddressList, canonicalAddress, compileAddressList } from "@/lib/domain/address-list";
import { safeHost } from "@/lib/domain/forwarded-headers";

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
interface ResolvedClient {
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
function throughProxies(
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

/** Reads one header, its lines joined with commas: `Headers`, or anything like it. */
export interface HeaderReader {
  get(name: string): string | null;
}

let trusted: AddressList | undefined;

/** The proxies whose `X-Forwarded-*` count. */
export function trustedProxies(): AddressList {
  trusted ??= compileAddressList(config().trustedProxies);
  return trusted;
}

/** Who called, and what for, as far as anybody trustworthy says so. */
interface RequestOrigin {
  /** Canonical address of the client; null when nobody trustworthy named one. */
  readonly address: string | null;
  /** The host the client asked for, with its port when given; null when none fit for a header was named. */
  readonly host: string | null;
  readonly protocol: "http" | "https";
}

/** What headers say of the way of their request. */
export function claimsOf(headers: HeaderReader): ForwardedClaims {
  return {
    for: headers.get("x-forwarded-for"),
    host: headers.get("x-forwarded-host"),
    proto: headers.get("x-forwarded-proto"),
  };
}

/** The other end's address, as the process that took the connection saw it. */
export const peerHeader = "x-latchkey-peer";

/** The request target exactly as received; Next.js normalises the one it passes on. */
export const rawUrlHeader = "x-latchkey-raw-url";

/**
 * Writes a statement from one Latchkey process to the next: the hop key in hex, a space, the value. Only
 * processes that share `LATCHKEY_SECRET` can make one.
 */
export function hopHeader(value: string): string {
  return `${keyFor("internal-hop").toString("hex")} ${value}`;
}

/** Reads such a statement; null when it is missing or its key is not ours (compared in constant time). */
export function readHopHeader(header: string | null | undefined): string | null {
  const [, key, value] = /^([0-9a-f]{64}) (.+)$/s.exec(header ?? "") ?? [];
  if (key === undefined || value === undefined) return null;
  const given = Buffer.from(key, "hex");
  return keysFor("internal-hop").some((each) => timingSafeEqual(given, each)) ? value : null;
}

/**
 * Finds the client from the peer that the process in front of Next.js vouches for. Without such a header
 * (`next dev`, serverless) the platform is the nearest proxy: the rightmost entries are its own.
 */
export function client(headers: HeaderReader): RequestOrigin {
  const claims = claimsOf(headers);
  const peer = readHopHeader(headers.get(peerHeader));
  const { address, host, protocol } =
    peer === null
      ? throughProxies(null, claims, trustedProxies())
      : resolveClient(peer, claims, trustedProxies());
  return { address, host: host ?? safeHost(headers.get("host")), protocol: protocol ?? "http" };
}

/** The client's address in canonical form; null when nobody trustworthy named one. */
export function clientAddress(headers: HeaderReader): string | null {
  return client(headers).address;
}

/** Peers that are remembered. */
const mostKnown = 20_000;

/** Those that are not proxies, by the text of their address: parsing it costs more than a look-up. */
const direct = new Map<string, ResolvedClient>();

/**
 * Finds the client behind the other end of a connection.
 *
 * @param received asked for names in lower case and values, in turn, where the other end's word counts
 */
export function peerClient(
  remoteAddress: string | undefined,
  received: () => readonly string[],
): ResolvedClient {
  if (remoteAddress === undefined) return { address: null, host: null, protocol: null };
  const known = direct.get(remoteAddress);
  if (known) return known;
  const address = canonicalAddress(remoteAddress);
  if (address !== null && trustedProxies().includes(address)) {
    const headers = received();
    const valuesOf = (name: string) => headers.filter((_, at) => at % 2 === 1 && headers[at - 1] === name);
    const reader = { get: (name: string) => valuesOf(name).join(",") || null };
    return throughProxies(address, claimsOf(reader), trustedProxies());
  }
  const client: ResolvedClient = { address, host: null, protocol: null };
  if (direct.size >= mostKnown) direct.clear();
  direct.set(remoteAddress, client);
  return client;
}
