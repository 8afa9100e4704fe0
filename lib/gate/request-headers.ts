import { clientTokenHeader } from "@/lib/domain/client-token";
import { forwardedHeaders, type HeaderLine } from "@/lib/domain/forwarded-headers";
import { tokenPattern, valuesOf, withoutHopByHop } from "./header-lines";
import { internalHeaderPrefix } from "./hop-header";
import type { GateRequest } from "./messages";

/** Our name in `Via` (RFC 9110 §7.6.3); also how a request that comes back to us is noticed. */
export const viaName = "latchkey";

const dropped: ReadonlySet<string> = new Set([
  clientTokenHeader.toLowerCase(),
  "host",
  // Node.js has already sent 100 Continue; upstreams get the body without asking.
  "expect",
  "via",
  "x-request-id",
  // What clients say about themselves would pass for something the gate verified.
  "forwarded",
  "x-real-ip",
]);

/** The framing is made anew for the next connection; a configured header must not forge it. */
const framing: ReadonlySet<string> = new Set(["host", "content-length", "expect"]);

/**
 * The headers an upstream gets: the client's, without the token, the hop-by-hop ones and what was meant
 * for us; plus who the client is; plus the instance's own, which replace any of the same name.
 *
 * @param options.ownOrigin instances have an origin of their own, so cookies cannot be the dashboard's
 * @param options.ownHeaders the instance's request headers, in clear
 */
export function upstreamHeaders(
  request: GateRequest,
  options: { ownOrigin: boolean; ownHeaders: readonly HeaderLine[] },
): HeaderLine[] {
  const kept = withoutHopByHop(request.headers).filter(([name, value]) => {
    if (dropped.has(name) || name.startsWith(internalHeaderPrefix)) return false;
    if (name.startsWith("x-forwarded-")) return false;
    if (name === "cookie" && !options.ownOrigin) return false;
    // A length of 0 stays: it says that there is no body where one could be expected.
    return name !== "content-length" || request.body !== null || value === "0";
  });
  const via = [...valuesOf(request.headers, "via"), `1.1 ${viaName}`].join(", ");
  const added: HeaderLine[] = [
    ...forwardedHeaders({
      address: request.clientAddress,
      host: request.host,
      protocol: request.protocol,
    }),
    ["via", via],
    ["x-request-id", request.id],
  ];
  const own = withoutHopByHop(
    options.ownHeaders.map(([name, value]): HeaderLine => [name.toLowerCase(), value]),
  ).filter(([name]) => tokenPattern.test(name) && !framing.has(name));
  const replaced = new Set(own.map(([name]) => name));
  return [...[...kept, ...added].filter(([name]) => !replaced.has(name)), ...own];
}

/** How often the request has already passed a Latchkey gate. */
export function timesForwarded(headers: readonly HeaderLine[]): number {
  return valuesOf(headers, "via")
    .flatMap((value) => value.split(","))
    .filter((hop) => hop.trim().split(/\s+/)[1] === viaName).length;
}
