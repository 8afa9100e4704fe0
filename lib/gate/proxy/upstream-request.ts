import type { Readable } from "node:stream";
import { z } from "zod";
import { boxContext, type HeaderOwner, unseal } from "@/lib/crypto/sealed-box";
import {
  forwardedHeaders,
  hostNameOf,
  mergedName,
  takenFields,
  tokenPattern,
  withOwnHeaders,
} from "@/lib/domain/forwarded-headers";
import type { InstancePolicy } from "@/lib/domain/gate";
import { mayNameInstance, type RequestPath } from "@/lib/domain/instance-url";
import { withoutOwnCookies } from "@/lib/domain/own-cookies";
import { type BothSides, toUpstreamReferer, toUpstreamText } from "@/lib/domain/reverse-url";
import { bodyNotSupported, type GateError, traceNotSupported, upstreamUnreachable } from "../decide/denial";
import { holdsToken } from "../decide/token-lines";
import { type HeaderList, headerField, isEndToEnd, namedByConnection, valuesOf } from "../headers";
import type { GateRequest } from "../messages";

/** A request as it goes on. */
export interface UpstreamRequest {
  readonly origin: string;
  readonly target: string;
  readonly method: string;
  readonly headers: HeaderList;
  readonly body: Readable | null;
  /** True when the upstream is asked to speak WebSocket. */
  readonly upgrade: boolean;
  /** How long the upstream may take to begin its answer; null: as long as its pool says. */
  readonly firstByteMs: number | null;
  /** By which the answer is told in the caller's words; null for what is no instance. */
  readonly sides: BothSides | null;
  /** A header besides Client-Token that the answer depends on; null: none. */
  readonly tokenHeader: string | null;
}

/** Where an instance's requests go. */
interface UpstreamPlace {
  readonly origin: string;
  /** Comes before every path; without a slash at its end. */
  readonly basePath: string;
}

// By URL: many instances lead to one upstream, and there may be a hundred thousand of them.
const places = new Map<string, UpstreamPlace>();
const mostPlaces = 1024;

/** Takes an upstream's URL apart; remembers what came of it. */
function upstreamPlace(upstreamUrl: string): UpstreamPlace {
  let place = places.get(upstreamUrl);
  if (!place) {
    const { origin, pathname } = new URL(upstreamUrl);
    place = { origin, basePath: pathname.replace(/\/+$/, "") };
    if (places.size >= mostPlaces) places.clear();
    places.set(upstreamUrl, place);
  }
  return place;
}

/** The request target for an upstream: its base path, then what the client sent, byte for byte. */
function upstreamTarget({ basePath }: UpstreamPlace, path: RequestPath): string {
  const target = basePath + path.rest;
  return (target === "" ? "/" : target) + path.query;
}

/** An instance's own request headers, ready to be sent. */
interface OwnHeaders {
  readonly lines: HeaderList;
  /** The merged names that they replace. */
  readonly names: ReadonlySet<string>;
}

const pairs = z.array(z.tuple([z.string(), z.string()]));

/** The framing is made anew for the next connection; a configured header must not forge it. */
const framing: ReadonlySet<string> = new Set(["host", "content-length", "expect"]);

/** For what goes to no upstream. */
const noOwnHeaders: OwnHeaders = { lines: [], names: new Set() };

/** Keeps those that may be sent. */
export function usableOwnHeaders(given: readonly (readonly [name: string, value: string])[]): OwnHeaders {
  const named = namedByConnection(given.flatMap(([name, value]) => [name.toLowerCase(), value]));
  const lines: string[] = [];
  for (const [written, value] of given) {
    const field = headerField(written);
    if (!isEndToEnd(field, named) || field.isOurs || framing.has(field.merged)) continue;
    if (tokenPattern.test(field.name)) lines.push(field.name, value);
  }
  return { lines, names: new Set(lines.filter((_, at) => at % 2 === 0).map(mergedName)) };
}

/** What of a policy says where its requests go, and with what. */
export type UpstreamSide = Pick<
  InstancePolicy,
  | "instanceId"
  | "accountId"
  | "upstreamUrl"
  | "firstByteSeconds"
  | "headersSealed"
  | "serviceId"
  | "serviceHeadersSealed"
>;

const opened = new WeakMap<UpstreamSide, OwnHeaders>();

const open = (sealed: string | null, owner: HeaderOwner) =>
  sealed === null ? [] : pairs.parse(JSON.parse(unseal(sealed, boxContext.headers(owner))));

/**
 * Opens the request headers of an instance and of its service, of which the instance's win; once for each policy that was
 * read.
 *
 * @throws Error when they were sealed with another secret or altered; the request must not go without them
 */
function openOwnHeaders(policy: UpstreamSide): OwnHeaders {
  const { headersSealed, serviceHeadersSealed } = policy;
  if (headersSealed === null && serviceHeadersSealed === null) return noOwnHeaders;
  let own = opened.get(policy);
  if (!own) {
    const given = open(headersSealed, `instance:${policy.instanceId}`);
    own = usableOwnHeaders(withOwnHeaders(open(serviceHeadersSealed, `service:${policy.serviceId}`), given));
    opened.set(policy, own);
  }
  return own;
}

/** Our name in `Via` (RFC 9110 §7.6.3); also how a request that comes back to us is noticed. */
const viaName = "latchkey";
const ourVia = `1.1 ${viaName}`;

/** More passes than any chain of gates needs: the upstream leads back here. */
const mostPasses = 8;

/** True when the request has already passed more gates of Latchkey than there can be. */
function leadsBackHere(headers: HeaderList): boolean {
  const values = valuesOf(headers, "via");
  if (values.length === 0) return false;
  const hops = values.flatMap((value) => value.split(","));
  return hops.filter((hop) => hop.trim().split(/\s+/)[1] === viaName).length > mostPasses;
}

/** What the headers for an upstream depend on, beside the request. */
interface HeaderOptions {
  /** Instances have an origin of their own: cookies pass, but for those of Latchkey. */
  readonly ownOrigin: boolean;
  readonly ownHeaders: OwnHeaders;
  readonly sides: BothSides | null;
  /** A header besides Client-Token that may hold the account's token; null: none. */
  readonly tokenHeader: string | null;
}

/** The value of a client's line in the upstream's terms: the instance's token stays here. null drops the line. */
function upstreamValue(name: string, value: string, sides: BothSides | null): string | null {
  const kept = name === "cookie" ? withoutOwnCookies(value) : value;
  if (kept === null || sides === null) return kept;
  if (name === "referer") return toUpstreamReferer(kept, sides);
  return mayNameInstance(kept) ? toUpstreamText(kept, sides) : kept;
}

/**
 * The headers an upstream gets: the client's, without the token, the hop-by-hop ones and what was meant
 * for us; plus who the client is; plus the instance's own, which replace any of the same name. No line of
 * the client is left that a server could take for one of the last two, or for one that was taken away.
 */
export function upstreamHeaders(request: GateRequest, options: HeaderOptions): string[] {
  const { headers, body, clientAddress, host, protocol, memo } = request;
  const { ownOrigin, ownHeaders, sides, tokenHeader } = options;
  const named = namedByConnection(headers);
  const mayHoldToken = tokenHeader === null ? null : mergedName(tokenHeader);
  const lines: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    const field = headerField(headers[at] ?? "");
    const { name, merged } = field;
    const value = headers[at + 1] ?? "";
    if (field.isOurs || takenFields.has(merged) || ownHeaders.names.has(merged)) continue;
    if (!isEndToEnd(field, named) || (merged === "cookie" && !ownOrigin)) continue;
    if (merged === mayHoldToken && holdsToken(value)) continue;
    // A length of 0 stays: it says that there is no body where one could be expected.
    if (merged === "content-length" && body === null && value !== "0") continue;
    const told = upstreamValue(name, value, sides);
    if (told !== null) lines.push(name, told);
  }
  const forwarded = memo
    ? memo.forwarded(clientAddress, host, protocol)
    : forwardedHeaders({ address: clientAddress, host, protocol });
  for (const text of forwarded) lines.push(text);
  lines.push("via", [...valuesOf(headers, "via"), ourVia].join(", "), "x-request-id", request.id);
  for (const text of ownHeaders.lines) lines.push(text);
  return lines;
}

/** True when the request came to a host name of the instances' own. Any other may be the dashboard's. */
export function isOwnOrigin({ host }: Pick<GateRequest, "host">, ownHostName: string | null): boolean {
  return ownHostName !== null && host !== null && hostNameOf(host) === ownHostName;
}

/** Why a request that was let in cannot go on; null when it can. */
export function whyNotForwarded(request: GateRequest, { upstreamUrl }: UpstreamSide): GateError | null {
  if (request.method === "TRACE") return traceNotSupported;
  if (request.bodyOutOfReach) return bodyNotSupported;
  return upstreamUrl !== null && leadsBackHere(request.headers) ? upstreamUnreachable : null;
}

/** What of a request that was let in says how it goes on. */
interface PassedOn {
  readonly policy: UpstreamSide;
  readonly path: RequestPath;
  /** It has proven itself. What is stored for the upstream goes with no other. */
  readonly proven: boolean;
  readonly tokenHeader: string | null;
}

/**
 * What an upstream gets for a request that was let in; with an empty origin the built-in echo answers.
 *
 * @throws Error when the instance's own headers cannot be opened
 */
export function upstreamRequest(
  request: GateRequest,
  { policy, path, proven, tokenHeader }: PassedOn,
  options: { readonly ownHostName: string | null; readonly ownOrigin: boolean; readonly upgrade: boolean },
): UpstreamRequest {
  const { ownHostName, ownOrigin, upgrade } = options;
  const { method, body, host, protocol } = request;
  const { upstreamUrl, firstByteSeconds } = policy;
  const firstByteMs = firstByteSeconds === null ? null : firstByteSeconds * 1000;
  if (upstreamUrl === null) {
    // It shows its callers what it gets, and stored values are shown to nobody.
    const headers = upstreamHeaders(request, {
      ownOrigin,
      ownHeaders: noOwnHeaders,
      sides: null,
      tokenHeader,
    });
    return { origin: "", target: "", method, headers, body, upgrade, firstByteMs, sides: null, tokenHeader };
  }
  const place = upstreamPlace(upstreamUrl);
  const { origin, basePath } = place;
  // Written out: a spread took a twentieth of the gate's time.
  const sides: BothSides = { origin, basePath, path, host, protocol, ownHost: ownHostName };
  const ownHeaders = proven ? openOwnHeaders(policy) : noOwnHeaders;
  const headers = upstreamHeaders(request, { ownOrigin, ownHeaders, sides, tokenHeader });
  const target = upstreamTarget(place, path);
  return { origin, target, method, headers, body, upgrade, firstByteMs, sides, tokenHeader };
}
