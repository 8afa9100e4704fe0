import { z } from "zod";
import { unseal } from "@/lib/crypto/sealed-box";
import { forwardedHeaders, type HeaderLine, isOurField, mergedName } from "@/lib/domain/forwarded-headers";
import type { InstancePolicy } from "@/lib/domain/gate";
import { mayNameInstance } from "@/lib/domain/instance-url";
import { withoutOwnCookies } from "@/lib/domain/own-cookies";
import { type BothSides, toUpstreamReferer, toUpstreamText } from "@/lib/domain/reverse-url";
import { clientTokenHeader } from "@/lib/domain/token-format";
import { endToEnd, type GateRequest, tokenPattern, valuesOf } from "../messages";

/** An instance's own request headers, ready to be sent. */
interface OwnHeaders {
  readonly lines: readonly HeaderLine[];
  /** The merged names that they replace. */
  readonly names: ReadonlySet<string>;
}

const pairs = z.array(z.tuple([z.string(), z.string()]));

/** The framing is made anew for the next connection; a configured header must not forge it. */
const framing: ReadonlySet<string> = new Set(["host", "content-length", "expect"]);

/** For what goes to no upstream. */
export const noOwnHeaders: OwnHeaders = { lines: [], names: new Set() };

/** Keeps those that may be sent. */
export function usableOwnHeaders(given: readonly HeaderLine[]): OwnHeaders {
  const lines = endToEnd(
    given.map(([name, value]): HeaderLine => [name.toLowerCase(), value]),
    (merged, [name]) => tokenPattern.test(name) && !framing.has(merged) && !isOurField(merged),
  );
  return { lines, names: new Set(lines.map(([name]) => mergedName(name))) };
}

const opened = new WeakMap<InstancePolicy, OwnHeaders>();

/**
 * Opens an instance's own request headers; once for each policy that was read.
 *
 * @throws Error when they were sealed with another secret or altered; the request must not go without them
 */
export function openOwnHeaders(policy: InstancePolicy): OwnHeaders {
  if (policy.headersSealed === null) return noOwnHeaders;
  let own = opened.get(policy);
  if (!own) {
    const text = unseal(policy.headersSealed, `instance:${policy.instanceId}:headers`);
    own = usableOwnHeaders(pairs.parse(JSON.parse(text)));
    opened.set(policy, own);
  }
  return own;
}

/** Our name in `Via` (RFC 9110 §7.6.3); also how a request that comes back to us is noticed. */
const viaName = "latchkey";

const dropped: ReadonlySet<string> = new Set([
  clientTokenHeader.toLowerCase(),
  "host",
  // Node.js has already sent 100 Continue; upstreams get the body without asking.
  "expect",
  // What clients say about themselves would pass for something the gate verified.
  "x-real-ip",
]);

const ourVia: HeaderLine = ["via", `1.1 ${viaName}`];

function viaLine(headers: readonly HeaderLine[]): HeaderLine {
  const values = valuesOf(headers, "via");
  return values.length === 0 ? ourVia : ["via", [...values, ourVia[1]].join(", ")];
}

function withoutOwnCookieLines(lines: HeaderLine[]): HeaderLine[] {
  if (!lines.some(([name]) => name === "cookie")) return lines;
  return lines.flatMap(([name, value]): HeaderLine[] => {
    const kept = name === "cookie" ? withoutOwnCookies(value) : value;
    return kept === null ? [] : [[name, kept]];
  });
}

/** What a caller's fields say of the instance's URLs, into the upstream's terms: the token in them stays here. */
function withUpstreamUrls(lines: HeaderLine[], sides: BothSides): HeaderLine[] {
  const isPlain = ([name, value]: HeaderLine) => name !== "referer" && !mayNameInstance(value);
  if (lines.every(isPlain)) return lines;
  return lines.flatMap(([name, value]): HeaderLine[] => {
    const translated = name === "referer" ? toUpstreamReferer(value, sides) : toUpstreamText(value, sides);
    return translated === null ? [] : [[name, translated]];
  });
}

/**
 * The headers an upstream gets: the client's, without the token, the hop-by-hop ones and what was meant
 * for us; plus who the client is; plus the instance's own, which replace any of the same name. No line of
 * the client is left that a server could take for one of the last two, or for one that was taken away.
 *
 * @param options.ownOrigin instances have an origin of their own: cookies pass, but for those of Latchkey
 */
export function upstreamHeaders(
  request: GateRequest,
  options: { ownOrigin: boolean; ownHeaders: OwnHeaders; sides: BothSides | null },
): HeaderLine[] {
  const { ownOrigin, ownHeaders, sides } = options;
  const passing = endToEnd(request.headers, (merged, [, value]) => {
    if (dropped.has(merged) || isOurField(merged) || ownHeaders.names.has(merged)) return false;
    if (merged === "cookie") return ownOrigin;
    // A length of 0 stays: it says that there is no body where one could be expected.
    return merged !== "content-length" || request.body !== null || value === "0";
  });
  const own = withoutOwnCookieLines(passing);
  const lines = sides ? withUpstreamUrls(own, sides) : own;
  const { clientAddress, host, protocol, memo } = request;
  const forwarded = memo
    ? memo.forwarded(clientAddress, host, protocol)
    : forwardedHeaders({ address: clientAddress, host, protocol });
  lines.push(...forwarded, viaLine(request.headers), ["x-request-id", request.id], ...ownHeaders.lines);
  return lines;
}

/** How often the request has already passed a Latchkey gate. */
export function timesForwarded(headers: readonly HeaderLine[]): number {
  const values = valuesOf(headers, "via");
  if (values.length === 0) return 0;
  return values.flatMap((value) => value.split(",")).filter((hop) => hop.trim().split(/\s+/)[1] === viaName)
    .length;
}
