/** Everything under this prefix is said by one Latchkey process to another: taken from clients, never passed on. */
export const internalHeaderPrefix = "x-latchkey-";

/** A field name or a protocol name (RFC 9110 §5.6.2). */
export const tokenPattern = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Fields that concern one connection only (RFC 9110 §7.6.1), with the two that proxies have always
 * treated like them and `Trailer`, which would announce what no door passes on.
 */
export const hopByHopFields: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const unlike = /[^0-9a-z-]/;

/**
 * The name that a field has among programs behind CGI, WSGI, Rack and PHP. They turn every character but
 * letters and digits into one (RFC 3875 §4.1.18), so that names which differ in HTTP are one to them; here
 * that one is `-`. A field whose name is not its merged name is the twin of another.
 *
 * @param name in lower case
 */
export function mergedName(name: string): string {
  // Nearly every name is its own, and is found so in half the time.
  return unlike.test(name) ? name.replace(/[^0-9a-z]/g, "-") : name;
}

const ours: ReadonlySet<string> = new Set(["forwarded", "via", "x-request-id"]);

/** True for the merged name of a field that Latchkey alone writes: nobody else's passes under it. */
export function isOurField(merged: string): boolean {
  return ours.has(merged) || merged.startsWith("x-forwarded-") || merged.startsWith(internalHeaderPrefix);
}

/** Fields that the gate or HTTP itself decides for each request or connection. */
const decided: ReadonlySet<string> = new Set([...hopByHopFields, "content-length", "expect", "host"]);

/**
 * True for the merged name of a field that an owner cannot set for an upstream. `Cookie` can be set, and `Client-Token`, which
 * many upstreams demand themselves: both go to the owner's own upstream only, and a caller's never gets there.
 */
export function isReservedField(merged: string): boolean {
  return decided.has(merged) || merged.startsWith("sec-websocket-") || isOurField(merged);
}

/** What the gate takes from every caller by its merged name, besides what is ours or ends with the connection. */
export const takenFields: ReadonlySet<string> = new Set([
  "client-token",
  "host",
  // Node.js has already sent 100 Continue; upstreams get the body without asking.
  "expect",
  // What clients say about themselves would pass for something the gate verified.
  "x-real-ip",
]);

/** True for a field, in lower case, that callers may bring a token or a name in: it goes on, at every host. */
export function isCallersField(name: string): boolean {
  return (
    /^[a-z0-9-]{1,64}$/.test(name) && !isReservedField(name) && !takenFields.has(name) && name !== "cookie"
  );
}

/** What the gate knows of the connection a request came in on. */
interface ForwardedFacts {
  /** Canonical client address; null when unknown. */
  readonly address: string | null;
  /** Host the client asked for, with its port when given; null when unknown or unfit for a header. */
  readonly host: string | null;
  readonly protocol: "http" | "https";
}

/** A Host value (RFC 9110 §7.2) that can be repeated safely; null for anything else. */
export function safeHost(value: string | null | undefined): string | null {
  const host = value?.trim() ?? "";
  return /^(?:[0-9A-Za-z._~-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/.test(host) ? host : null;
}

/** The name of a Host value in one spelling: lower case, without port and root dot. Cookies do not tell ports apart. */
export function hostNameOf(host: string): string {
  return host.trim().toLowerCase().replace(/:\d*$/, "").replace(/\.$/, "");
}

function quoted(value: string): string {
  return tokenPattern.test(value) ? value : `"${value}"`;
}

/**
 * The headers that tell an upstream about its client: `Forwarded` (RFC 7239) and the `X-Forwarded-*` that
 * came before it. They state only what the gate itself verified, so they replace any the client sent.
 *
 * @returns names and values in turn
 */
export function forwardedHeaders(facts: ForwardedFacts): string[] {
  const { address, host, protocol } = facts;
  const node = address === null ? "unknown" : address.includes(":") ? `[${address}]` : address;
  const pairs = [`for=${quoted(node)}`, ...(host ? [`host=${quoted(host)}`] : []), `proto=${protocol}`];
  const lines = ["forwarded", pairs.join(";")];
  if (address) lines.push("x-forwarded-for", address);
  if (host) lines.push("x-forwarded-host", host);
  lines.push("x-forwarded-proto", protocol);
  return lines;
}

/** A request header as it is stored. */
export type HeaderPair = readonly [name: string, value: string];

/** What is stored for an upstream: of a service's request headers and those of an instance, the instance's win. */
export function withOwnHeaders(shared: readonly HeaderPair[], own: readonly HeaderPair[]): HeaderPair[] {
  const replaced = new Set(own.map(([name]) => mergedName(name.toLowerCase())));
  return [...shared.filter(([name]) => !replaced.has(mergedName(name.toLowerCase()))), ...own];
}
