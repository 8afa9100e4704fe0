import { config } from "@/lib/config";
import { type AddressList, compileAddressList } from "@/lib/domain/address-list";
import { type ResolvedClient, resolveClient } from "@/lib/domain/client-address";
import { peerHeader, readHopHeader } from "./hop-header";

/** Reads one header, its lines joined with commas: `Headers`, or anything like it. */
export interface HeaderReader {
  get(name: string): string | null;
}

let trusted: AddressList | undefined;

/** The proxies whose `X-Forwarded-For` counts. */
export function trustedProxies(): AddressList {
  trusted ??= compileAddressList(config().trustedProxies);
  return trusted;
}

/**
 * Finds the client from the peer that the process in front of Next.js vouches for. Without such a header
 * (`next dev`, serverless) the rightmost `X-Forwarded-For` entry stands for the peer: the platform wrote it.
 */
export function client(headers: HeaderReader): ResolvedClient {
  const forwardedFor = headers.get("x-forwarded-for");
  const peer = readHopHeader(headers.get(peerHeader));
  if (peer !== null) return resolveClient(peer, forwardedFor, trustedProxies());
  const hops = forwardedFor?.split(",") ?? [];
  const last = hops.pop() ?? null;
  return resolveClient(last, hops.length > 0 ? hops.join(",") : null, trustedProxies());
}

/** The client's address in canonical form; null when nobody trustworthy named one. */
export function clientAddress(headers: HeaderReader): string | null {
  return client(headers).address;
}
