import type { IncomingMessage } from "node:http";
import { hostNameOf, safeHost } from "@/lib/domain/forwarded-headers";

/** The names under which this Latchkey is reached, as the configuration fixes them. */
export interface OwnOrigins {
  /** `LATCHKEY_URL`; undefined means: pages may be opened under any host. */
  readonly url?: string | undefined;
  /** `LATCHKEY_GATE_URL`. */
  readonly gateUrl?: string | undefined;
  /** Host name that serves instances and nothing else; null when the dashboard shares theirs. */
  readonly gateHostName: string | null;
}

/** The answer to a request that is rejected for whom it is addressed to. */
interface TargetRejection {
  readonly status: 404 | 421;
  readonly error: string;
}

const misdirected: TargetRejection = { status: 421, error: "Misdirected request" };

/** The answer where nothing is. */
export const notFound: TargetRejection = { status: 404, error: "Not found" };

const absoluteForm = /^(https?):\/\/([^/?#]*)(.*)$/is;

/** Host and port in one spelling, the scheme's own port left out; null for anything that names more or less. */
function authorityOf(scheme: string, authority: string | undefined): string | null {
  const host = safeHost(authority);
  if (host === null || !URL.canParse(`${scheme}://${host}`)) return null;
  return new URL(`${scheme}://${host}`).host.replace(/\.(?=:|$)/, "");
}

/**
 * Without `LATCHKEY_URL` a page may be opened under any host, so nothing but the request itself can say that it is for
 * us: `Host` has to name the same, and the port has to be the one it came to.
 */
function isOwnAuthority(
  scheme: string,
  authority: string,
  incoming: IncomingMessage,
  { url, gateUrl }: OwnOrigins,
) {
  const places = [url, gateUrl].filter((place) => place !== undefined);
  if (places.some((place) => authorityOf("http", new URL(place).host) === authority)) return true;
  if (url !== undefined || authorityOf(scheme, incoming.headers.host) !== authority) return false;
  const { port } = new URL(`${scheme}://${authority}`);
  return Number(port || (scheme === "https" ? 443 : 80)) === incoming.socket.localPort;
}

function replaceHost(incoming: IncomingMessage, host: string): void {
  const { rawHeaders } = incoming;
  incoming.headers.host = host;
  const at = rawHeaders.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === "host");
  if (at < 0) rawHeaders.push("Host", host);
  else rawHeaders[at + 1] = host;
}

function readAbsolute(target: string) {
  const [, written = "", writtenAuthority, rest = ""] = absoluteForm.exec(target) ?? [];
  const scheme = written.toLowerCase();
  return { scheme, authority: scheme === "" ? null : authorityOf(scheme, writtenAuthority), rest };
}

/** The host, and its port, that a target in absolute form names; null for any other target. */
export function absoluteHost(target: string): string | null {
  return target.startsWith("/") ? null : readAbsolute(target).authority;
}

/**
 * Reads where a request is addressed to, before anything is decided. A target in absolute form that names us becomes
 * one in origin form, and its authority takes the place of `Host` (RFC 9112 §3.2.2). Returns the answer for one that
 * names somebody else (421, RFC 9110 §15.5.20). The server as a whole (`*`) is there for OPTIONS only.
 *
 * @param isInstanceHost whether a host is that of an instance or service
 */
export function normalizeTarget(
  incoming: IncomingMessage,
  places: OwnOrigins,
  isInstanceHost: (host: string) => boolean,
): TargetRejection | null {
  const target = incoming.url ?? "/";
  if (target.startsWith("/")) return null;
  if (target === "*") return incoming.method === "OPTIONS" ? null : notFound;
  const { scheme, authority, rest } = readAbsolute(target);
  if (!authority) return misdirected;
  if (!isOwnAuthority(scheme, authority, incoming, places) && !isInstanceHost(authority)) return misdirected;
  incoming.url = rest.startsWith("/") ? rest : `/${rest}`;
  replaceHost(incoming, authority);
  return null;
}

/**
 * True when a request came to the gate's own host name, whatever the port: browsers send cookies to every port of a
 * name, so no page may ever be there. Counts what any `X-Forwarded-Host` says, too; who invents one sees less.
 */
export function isOnGateHost({ headers }: IncomingMessage, { gateHostName }: OwnOrigins): boolean {
  if (gateHostName === null) return false;
  const forwarded = String(headers["x-forwarded-host"] ?? "").split(",");
  return [headers.host ?? "", ...forwarded].some((host) => hostNameOf(host) === gateHostName);
}

/** A path that no page has: Next.js draws its page for what is not found. */
const nowhere = "/not-found";

/** Next.js keeps names that begin with an underscore for itself: its image optimizer, data routes, error pages. */
const ownName = /^_/;
const staticFile = /^\/_next\/static\/[^/]/;

const separatorOrControl = /[/\\\p{Cc}]/u;

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

/** True for a name that every parser reads alike: decodable, no separator, no control character, no dot segment. */
function isPlain(name: string | null): boolean {
  return name !== null && name !== "" && name !== "." && name !== ".." && !separatorOrControl.test(name);
}

/**
 * What Next.js gets for a target that is no instance's: pages, our own API and static files, each in the one form in
 * which every parser reads it alike. A path in any other form is that of no page. Null for what Next.js would serve by
 * itself, and for nobody: from inside, it could fetch, draw or keep what is behind an instance.
 */
export function dashboardTarget(target: string): string | null {
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? "" : target.slice(mark);
  const names = path.slice(1).replace(/\/$/, "").split("/").map(decoded);
  if (path !== "/" && (path.includes("#") || !names.every(isPlain))) return nowhere;
  if (ownName.test(names[0] ?? "") && !staticFile.test(path)) return null;
  // PostgreSQL keeps no NUL in a text; a browser shows one as this character (WHATWG Encoding, replacement).
  return path + query.replaceAll("%00", "%EF%BF%BD");
}
