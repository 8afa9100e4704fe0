import { headers } from "next/headers";
import { config } from "@/lib/config";
import { Refusal } from "@/lib/domain/errors";
import { type PasskeyObstacle, type PasskeySite, passkeySiteOf } from "@/lib/domain/passkey";
import { client, type HeaderReader } from "@/lib/net/client-address";

/**
 * The origin of the dashboard as the browser sees it: `LATCHKEY_URL` when set, else the host the page was
 * opened under. Never ends in a slash.
 */
export function pageOrigin(headers: HeaderReader): string {
  const { url } = config();
  if (url) return url;
  const { host, protocol } = client(headers);
  return `${protocol}://${host?.toLowerCase() ?? "localhost"}`;
}

/** True when the browser reaches the dashboard over TLS, so that cookies can be `Secure`. */
export function isSecurePage(headers: HeaderReader): boolean {
  return pageOrigin(headers).startsWith("https:");
}

/** The origin of the dashboard for the current request, for links that are handed over. */
export async function dashboardOrigin(): Promise<string> {
  return pageOrigin(await headers());
}

/**
 * The origin under which instances are called: `LATCHKEY_GATE_URL`, else `LATCHKEY_URL`, else the host the
 * page was opened under. Never ends in a slash.
 */
export async function gateBaseUrl(): Promise<string> {
  return config().gateUrl ?? dashboardOrigin();
}

/**
 * What passkeys are bound to on this page.
 *
 * @throws Refusal `passkey_address` or `passkey_insecure` when it can use none
 */
export async function passkeySite(): Promise<PasskeySite> {
  const site = passkeySiteOf(await dashboardOrigin());
  if (typeof site === "string") throw new Refusal(`passkey_${site}`);
  return site;
}

/** Why this page cannot use passkeys; null when it can. */
export async function passkeyObstacle(): Promise<PasskeyObstacle | null> {
  const site = passkeySiteOf(await dashboardOrigin());
  return typeof site === "string" ? site : null;
}

/** This page's origin under a host name, where it was opened under this machine's own address; else null. */
export async function localhostOrigin(): Promise<string | null> {
  const url = new URL(await dashboardOrigin());
  if (url.hostname !== "127.0.0.1" && url.hostname !== "[::1]") return null;
  url.hostname = "localhost";
  return url.origin;
}

/** The page to go to after sign-in or sign-out: the wanted one when it is on our own origin, else the start page. */
export function sameOriginUrl(wanted: string, origin: string): string {
  if (!URL.canParse(wanted, origin)) return origin;
  const url = new URL(wanted, origin);
  return url.origin === origin ? url.href : origin;
}

const base = "http://latchkey.invalid";

const start = "/overview";

/** Paths of this origin that are no pages: a link to them would have done something by signing in. */
const noPage =
  /^\/(?:login(?:\/|$)|api\/|_next\/|\.well-known\/|[^/]+\/export(?:\/|$)|instances\/[^/]+\/token(?:\/|$))/i;

/**
 * Where to go after sign-in: the wanted page when it is one of ours, else the overview. Only a path on this
 * very origin passes: no other host, scheme, user name or backslash trick can lead away from here.
 */
export function returnPath(wanted: unknown): string {
  if (typeof wanted !== "string" || !wanted.startsWith("/") || !URL.canParse(wanted, base)) return start;
  const { origin, pathname, search } = new URL(wanted, base);
  // A path that begins with two slashes would be read as a host by the browser.
  return origin === base && !pathname.startsWith("//") && !noPage.test(pathname) ? pathname + search : start;
}

/** A page of the sign-in, with the wanted page to go on to and what else it is to say. */
export function loginPath(page: string, wanted: unknown, say: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(say);
  const path = returnPath(wanted);
  if (path !== start) query.set("callbackUrl", path);
  return query.size > 0 ? `${page}?${query}` : page;
}
