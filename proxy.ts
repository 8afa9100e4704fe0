import { type NextRequest, NextResponse } from "next/server";
import { logForeignWrite } from "@/lib/auth/log";
import { foreignCheck, guardHeaders, pageHeader } from "@/lib/auth/origin";
import { isSecurePage } from "@/lib/auth/urls";
import { ownCookieName } from "@/lib/domain/own-cookies";
import { client } from "@/lib/net/client-address";

/**
 * Pages only. Instance traffic must not pass here: it is forwarded byte for byte and streams. What open pages read again
 * and again need not: it is only read, and its route sets the same headers. Long files must not: their bodies would be cut off
 * here, so their route refuses other sites itself.
 */
export const config = {
  matcher: "/((?!_next/static/|_next/image|api/(?:security|rejected|import)$|instances/[^/]+/token/).*)",
};

const development = process.env.NODE_ENV === "development";

/**
 * Guards every page with security headers, refuses what other sites make a browser send, and sends those
 * without a session to the login page.
 */
export function proxy(request: NextRequest): NextResponse {
  const secure = isSecurePage(request.headers);
  const foreign = foreignCheck(request);
  if (foreign) {
    logForeignWrite(foreign, request);
    return guarded(NextResponse.json({ error: "Sent from another site" }, { status: 403 }), secure);
  }
  if (needsSession(request) && !request.cookies.has(ownCookieName("session", secure))) {
    return guarded(NextResponse.redirect(loginUrl(request)), secure);
  }
  const policy = contentSecurityPolicy(crypto.randomUUID().replaceAll("-", ""));
  const headers = new Headers(request.headers);
  // Next.js reads the nonce out of this header and puts it on every script and style it writes.
  headers.set("content-security-policy", policy);
  headers.set(pageHeader, pageOf(request));
  const origin = hiddenOrigin(request);
  if (origin) headers.set("origin", origin);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  return guarded(response, secure);
}

/**
 * Under `no-referrer` browsers send `Origin: null` with a form of this very page (Fetch standard, "append a
 * request Origin header"), which Next.js takes for a forgery. `Sec-Fetch-Site` cannot be set by any page and
 * says `cross-site` for everyone else who sends null. Undefined when there is nothing to mend.
 */
function hiddenOrigin({ headers, nextUrl }: NextRequest): string | undefined {
  if (headers.get("origin") !== "null" || headers.get("sec-fetch-site") !== "same-origin") return undefined;
  const { host } = client(headers);
  return host ? `${nextUrl.protocol}//${host}` : undefined;
}

function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    // React's development build evaluates code to show stack traces.
    `script-src 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    `style-src 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function guarded(response: NextResponse, secure: boolean): NextResponse {
  for (const [name, value] of Object.entries(guardHeaders(secure))) response.headers.set(name, value);
  return response;
}

const dashboard = /^\/(?:overview|instances|services|security|activity|settings|accounts)(?:\/|$)/;

/** Opening a page, not sending a form: what a form says must not get lost in a redirect. */
function needsSession({ method, nextUrl }: NextRequest): boolean {
  return (method === "GET" || method === "HEAD") && dashboard.test(nextUrl.pathname);
}

/** The page as the address bar shows it; Next.js marks what it asks for by itself. */
function pageOf({ nextUrl }: NextRequest): string {
  const query = new URLSearchParams(nextUrl.search);
  query.delete("_rsc");
  return nextUrl.pathname + (query.size > 0 ? `?${query}` : "");
}

function loginUrl({ nextUrl }: NextRequest): URL {
  const url = new URL("/login", nextUrl);
  const wanted = nextUrl.pathname + nextUrl.search;
  if (wanted !== "/overview") url.searchParams.set("callbackUrl", wanted);
  return url;
}
