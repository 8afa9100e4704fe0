import type { IncomingMessage } from "node:http";
import { type AddressList, canonicalAddress } from "@/lib/domain/address-list";
import { internalHeaderPrefix, isOurField, mergedName } from "@/lib/domain/forwarded-headers";
import {
  claimsOf,
  hopHeader,
  peerHeader,
  rawUrlHeader,
  readHopHeader,
  resolveClient,
} from "@/lib/net/client-address";

/**
 * Headers by which Next.js speaks to itself; from outside they could skip work (CVE-2025-29927), or prove themselves with
 * what a build keeps for that, which whoever has the same release knows.
 */
const nextInternal =
  /^(?:x-middleware-|x-invoke-|x-now-|x-matched-path$|x-next-resume|next-resume$|x-prerender-revalidate|x-next-revalidate)/;

/** Cookies of the same kind, by which drafts would be shown. */
const nextCookie = /__prerender_bypass|__next_preview_data/;

const loopback = /^(?:127\.|::1$)/;

function socketAddress({ socket }: IncomingMessage): string {
  const peer = socket.remoteAddress ?? "";
  return canonicalAddress(peer) ?? peer;
}

/** The other end as the gate on this machine states it; null when no gate of ours does. */
function statedPeer(request: IncomingMessage): string | null {
  if (!loopback.test(socketAddress(request))) return null;
  const stated = request.headers[peerHeader];
  return readHopHeader(typeof stated === "string" ? stated : null);
}

/** True for what a gate of ours has looked at and passed on. */
export function comesFromGate(request: IncomingMessage): boolean {
  return statedPeer(request) !== null;
}

/** `Host` and `Connection`, `Transfer-Encoding` and the statement about the peer. */
const mostLinesAdded = 4;

/** How many header lines of a request may be the gate's, beside those that its client has sent. */
export function linesAddedByGate(request: IncomingMessage): number {
  return comesFromGate(request) ? mostLinesAdded : 0;
}

/**
 * Makes a request's headers fit to be believed by what comes behind: takes away everything only Latchkey,
 * Next.js or a trusted proxy may say, and states the peer's address, the scheme, the host where a proxy
 * names another and, for the instance door, the target as it was received.
 *
 * @param target the raw target of an instance request; undefined for the dashboard's own pages
 */
export function sanitizeHeaders(
  request: IncomingMessage,
  target: string | undefined,
  trusted: AddressList,
): void {
  const { headers } = request;
  const peer = statedPeer(request) ?? socketAddress(request);
  const claims = claimsOf({ get: (name) => headers[name]?.toString() ?? null });
  const { host, protocol } = resolveClient(peer, claims, trusted);
  for (const name of Object.keys(headers)) {
    const merged = mergedName(name);
    const isTwin = merged !== name && isOurField(merged);
    if (isTwin || merged.startsWith(internalHeaderPrefix) || nextInternal.test(merged)) delete headers[name];
  }
  if (target === undefined && headers.cookie !== undefined && nextCookie.test(headers.cookie))
    headers.cookie = headers.cookie
      .split(";")
      .filter((pair) => !nextCookie.test(pair))
      .join(";")
      .trim();
  // Next.js compares the first entry with the origin of an action: the only one is that of a proxy.
  if (host === null) delete headers["x-forwarded-host"];
  else headers["x-forwarded-host"] = host.toLowerCase();
  delete headers["x-forwarded-port"];
  headers["x-forwarded-proto"] = protocol ?? "http";
  headers[peerHeader] = hopHeader(peer);
  if (target === undefined) return;
  headers[rawUrlHeader] = hopHeader(target);
  // Next.js would lead who sends it elsewhere before the door has seen the request.
  delete headers.rsc;
}
