import { config } from "@/lib/config";
import { type AddressList, compileAddressList } from "@/lib/domain/address-list";
import { type ForwardedClaims, resolveClient, throughProxies } from "@/lib/domain/client-address";
import { safeHost } from "@/lib/domain/forwarded-headers";
import { peerHeader, readHopHeader } from "./hop-header";

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
export interface RequestOrigin {
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
