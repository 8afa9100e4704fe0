import { canonicalAddress } from "./address-list";
import {
  instanceBase,
  isWellFormedTarget,
  namesInstance,
  parseRequestPath,
  type RequestPath,
} from "./instance-url";
import { parseUrl } from "./upstream-url";

/**
 * One request seen from both sides of the gate: by it, URLs of one side are translated in the words of the other,
 * as `proxy_redirect` does in nginx and `ProxyPassReverse` in Apache.
 */
export interface BothSides {
  /** Scheme, host and port of the upstream. */
  readonly origin: string;
  /** The upstream's path that the instance stands for; without a slash at its end. */
  readonly basePath: string;
  /** What the caller asked for. */
  readonly path: RequestPath;
  /** Host that the caller used, with its port when given; null when none was fit to be repeated. */
  readonly host: string | null;
  /** Host that serves instances and nothing else; null when the dashboard shares theirs. */
  readonly ownHost: string | null;
  readonly protocol: "http" | "https";
}

// RFC 3986, appendix B.
const reference = /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(\?[^#]*)?(#.*)?$/i;
const printable = /^[\x20-\x7e\x80-\uffff]*$/;
const webSchemes: ReadonlySet<string> = new Set(["http", "https", "ws", "wss"]);
const defaultPorts: ReadonlySet<string> = new Set(["80", "443"]);

/** Writes spaces and bytes above ASCII as every client sends them. */
function escapeBytes(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, (byte) =>
    byte.charCodeAt(0) > 0xff
      ? encodeURIComponent(byte)
      : `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

/** Without blanks at its ends; takes no longer for many within it, as an expression would. */
function withoutBlanks(text: string): string {
  let [start, end] = [0, text.length];
  const isBlank = (at: number) => text[at] === " " || text[at] === "\t";
  while (start < end && isBlank(start)) start++;
  while (end > start && isBlank(end - 1)) end--;
  return text.slice(start, end);
}

/** One form for each host: lower case, addresses in their shortest form, without the dot of the root. */
function hostOf({ hostname }: URL): string {
  const address = /^[\d[]/.test(hostname) ? canonicalAddress(hostname) : null;
  return address ?? hostname.replace(/(?<!\.)\.$/, "");
}

function portOf({ protocol, port }: URL): string {
  return port || (protocol === "https:" || protocol === "wss:" ? "443" : "80");
}

// One request may have many URLs in its answer.
const known = new WeakMap<BothSides, ReadonlyMap<string, readonly string[]>>();

/** The hosts on our side, the upstream's and those the gate is known by, with their ports. */
function ourHosts(sides: BothSides): ReadonlyMap<string, readonly string[]> {
  let hosts = known.get(sides);
  if (!hosts) {
    const { origin, host, ownHost, protocol } = sides;
    const found = new Map<string, string[]>();
    for (const text of [origin, host && `${protocol}://${host}`, ownHost && `${protocol}://${ownHost}`]) {
      const url = text ? parseUrl(text) : null;
      if (url) found.set(hostOf(url), [...(found.get(hostOf(url)) ?? []), portOf(url)]);
    }
    hosts = found;
    known.set(sides, hosts);
  }
  return hosts;
}

/** True when a URL names the upstream's host or the gate's, whatever its port. */
function isOurs(url: URL, sides: BothSides): boolean {
  return ourHosts(sides).has(hostOf(url));
}

/** What follows `base` in `path`; null when it is not below it. */
function below(base: string, path: string): string | null {
  if (!path.startsWith(base)) return null;
  const rest = path.slice(base.length);
  return rest === "" || rest.startsWith("/") ? rest : null;
}

/** Whether the gate would take a path of this instance. */
function isCallable(path: string, { path: asked }: BothSides): boolean {
  return instanceBase(asked) === "" ? isWellFormedTarget(path) : parseRequestPath(path) !== null;
}

/** The caller's path for a path of the upstream; null for one that no request to the instance reaches. */
function callerPath(path: string, { basePath, path: asked }: BothSides): string | null {
  const base = instanceBase(asked);
  // An upstream that was translated its public address writes it already.
  if (base !== "" && below(base, path) !== null) return path;
  const rest = below(basePath, path);
  return rest === null ? null : base + rest || "/";
}

function whereAsked(sides: BothSides): { readonly upstream: string; readonly caller: string } {
  const { origin, basePath, path } = sides;
  const asked = escapeBytes(path.rest + path.query);
  return {
    upstream: `${origin}${basePath}${asked}`,
    // Only its path counts, so any host will do.
    caller: `http://caller.invalid${instanceBase(path)}${asked}`,
  };
}

/**
 * Translates a URL reference of the upstream into the caller's terms: what leads to the upstream, or to the gate,
 * becomes a path below the instance's base; relative references that stay below it, and URLs of other
 * hosts, are returned as they are. Total.
 *
 * @param text an RFC 3986 reference, one character for each byte
 * @returns null when it cannot be translated: outside the upstream's base path, another port of the upstream's or
 *   the gate's host, a path that the gate would refuse, or a text that parsers read differently
 */
export function toCallerUrl(text: string, sides: BothSides): string | null {
  const given = withoutBlanks(text);
  if (!printable.test(given)) return null;
  const escaped = escapeBytes(given);
  const [, scheme, authority, path = "", query = "", fragment = ""] = reference.exec(escaped) ?? [];
  // WHATWG reads a backslash as a slash, and the last of several @ as the one that counts; RFC 3986 does not.
  if (path.includes("\\") || /\\|@.*@/.test(authority ?? "")) return null;
  const protocol = scheme?.toLowerCase();
  // `http:/x` and `///x` are hosts to some and paths to others.
  if (authority === "" && protocol !== "file") return null;
  if (protocol !== undefined && !webSchemes.has(protocol)) {
    if (protocol === "ftp" && authority === undefined) return null;
    const named = authority ? parseUrl(`http://${authority}`) : null;
    return named && isOurs(named, sides) ? null : given;
  }
  if (protocol !== undefined && authority === undefined) return null;
  const asked = whereAsked(sides);
  const url = parseUrl(escaped, asked.upstream);
  if (url === null) return null;
  if (authority !== undefined) {
    const ports = ourHosts(sides).get(hostOf(url));
    if (!ports) return given;
    if (!ports.includes(portOf(url)) && !defaultPorts.has(portOf(url))) return null;
  }
  const target = callerPath(url.pathname, sides);
  if (target === null || !isCallable(target, sides)) return null;
  const isRelative = authority === undefined && !path.startsWith("/");
  if (isRelative && parseUrl(escaped, asked.caller)?.pathname === parseUrl(target, asked.caller)?.pathname)
    return given;
  return target + query + fragment;
}

// Up to a blank, a quote, an angle bracket, or the next URL of a list. A host has no comma and no
// semicolon; what stands before an @ may.
const absoluteUrl =
  /(https?|wss?):\/\/(?:[^\s"'<>/?#]*@)?[^\s"'<>,;/?#]*(?:[/?#](?:(?![,;](?:https?|wss?):)[^\s"'<>])*)?/gi;
const controls = /[^\P{Cc}\t]/u;
const climbs = /(?:\.|%2e){2}/i;

/**
 * Translates every absolute URL of the upstream within a text into the caller's terms, absolute again where the
 * caller's host is known. Total.
 *
 * @returns null when one of them cannot be translated, or for control characters, which no field has (RFC 9110 §5.5) and
 *   parsers of URLs drop or escape
 */
export function toCallerText(text: string, sides: BothSides): string | null {
  if (controls.test(text)) return null;
  const { host, protocol } = sides;
  let untranslatable = false;
  const translated = text.replace(absoluteUrl, (found, scheme: string) => {
    const url = parseUrl(escapeBytes(found));
    if (!url || !isOurs(url, sides)) return found;
    const target = toCallerUrl(found, sides);
    if (target === null) untranslatable = true;
    const kind = scheme.toLowerCase().startsWith("ws") ? "ws" : "http";
    return (host ? `${kind}${protocol === "https" ? "s" : ""}://${host}` : "") + target;
  });
  // Where the URL ends is a guess, and what follows it must not lead up from it.
  return untranslatable || (translated !== text && climbs.test(translated)) ? null : translated;
}

/** True for an origin (RFC 6454) that is the upstream's host's, on any port. */
export function isUpstreamOrigin(text: string, { origin }: BothSides): boolean {
  const [url, upstream] = [parseUrl(text.trim()), parseUrl(origin)];
  return url !== null && upstream !== null && hostOf(url) === hostOf(upstream);
}

/**
 * Translates the path of an upstream's cookie (RFC 6265 §5.1.4) into the caller's terms: one for the whole upstream
 * is one for the whole instance.
 *
 * @param given the attribute `Path`; null when there is none, which means the directory of the request
 * @returns null for a cookie that no request to the instance would carry
 */
export function toCallerCookiePath(given: string | null, sides: BothSides): string | null {
  const { basePath, path } = sides;
  const directory = (basePath + path.rest).replace(/\/[^/]*$/, "") || "/";
  const cookiePath = given?.startsWith("/") ? given : directory;
  const base = instanceBase(path);
  if (base !== "" && below(base, cookiePath) !== null) return cookiePath;
  if (below(cookiePath.replace(/(?<!\/)\/$|^\/$/, ""), basePath) !== null) return base || "/";
  const rest = below(basePath, cookiePath);
  return rest === null ? null : base + rest || "/";
}

/**
 * Translates every URL of the instance within a text of the caller into the upstream's terms, so that the instance
 * token stays here. Returns the text itself when there is none.
 */
export function toUpstreamText(text: string, sides: BothSides): string {
  const { origin, basePath, path } = sides;
  const base = instanceBase(path);
  // Under a host of its own there is no token to be kept back.
  if (base === "" || !text.includes(base)) return text;
  const literal = base.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const url = new RegExp(`((?:https?|wss?)://[^/\\s"'<>,;]*)?${literal}(?:(/)|(?=[?#\\s"'<>,;]|$))`, "gi");
  return text.replace(
    url,
    (_found, absolute?: string, slash = "") => `${absolute ? origin : ""}${basePath}${slash}` || "/",
  );
}

/** A page under a host of the instance's own as the upstream knows it; null for another instance's. */
function toUpstreamPage(text: string, sides: BothSides): string | null {
  const url = parseUrl(text);
  if (namesInstance(text)) return null;
  if (url === null || !isOurs(url, { ...sides, origin: "" })) return text;
  return sides.origin + sides.basePath + url.pathname + url.search;
}

/** A `Referer` (RFC 9110 §10.1.3) as the upstream may see it; null for one with another instance's token. */
export function toUpstreamReferer(text: string, sides: BothSides): string | null {
  if (instanceBase(sides.path) === "") return toUpstreamPage(text, sides);
  const translated = toUpstreamText(text, sides);
  if (translated !== text) return translated;
  const url = parseUrl(text);
  const ofGate = url !== null && isOurs(url, { ...sides, origin: "" });
  return ofGate || namesInstance(text) ? null : text;
}
