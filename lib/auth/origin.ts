import { headers } from "next/headers";
import type { Origin } from "@/lib/domain/actor";
import { seenText } from "@/lib/domain/seen-text";
import { client, clientAddress, type HeaderReader } from "@/lib/net/client-address";

/** Longest user agent that is kept, in characters. */
const userAgentMaxLength = 512;

/** Where a request with these headers came from. Without a known address all share one: limits still hold. */
export function originOf(headers: HeaderReader): Origin {
  return {
    address: clientAddress(headers) ?? "unknown",
    userAgent: seenText((headers.get("user-agent") ?? "").slice(0, userAgentMaxLength)),
  };
}

/** Where the current request came from. */
export async function requestOrigin(): Promise<Origin> {
  return originOf(await headers());
}

/**
 * Whether a request is something that a person does: opening a page, or sending a form. Pages also ask by
 * themselves (live updates, links fetched ahead), and that must not keep a session alive; what a person does
 * without such a request is told by `/api/presence`.
 */
export function isUse(headers: HeaderReader): boolean {
  return headers.get("next-action") !== null || (headers.get("accept") ?? "").includes("text/html");
}

/** The header in which proxy.ts tells pages which page is asked for; a client's own is overwritten. */
export const pageHeader = "x-latchkey-page";

/** What the dashboard's own paths are made of. Whatever else stands in a path is somebody's value. */
const words = new Set(
  [
    "accounts activity addresses api audit-key auth callback change-address endpoints export forgot import",
    "instances invitation link live login new oidc overview presence prove provider register rejected reset-password",
    "second-step security security-txt server services settings two-step verify-address",
  ].flatMap((line) => line.split(" ")),
);

const mostSegments = 6;

/**
 * A path of the dashboard as its template, for the log: only words of our own are kept, everything else is
 * `{…}`, and queries are left out.
 */
export function pageTemplate(path: string): string {
  const segments = (path.split(/[?#]/, 1)[0] ?? "").split("/").slice(1);
  const kept = segments.slice(0, mostSegments).map((each) => (each === "" || words.has(each) ? each : "{…}"));
  return `/${kept.join("/")}${segments.length > mostSegments ? "/{…}" : ""}`;
}

/** What every answer tells browsers to keep from other origins. @param secure whether the page came by https */
export function guardHeaders(secure: boolean): Readonly<Record<string, string>> {
  return {
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    ...(secure && { "strict-transport-security": "max-age=63072000; includeSubDomains" }),
  };
}

/** By which of the headers that browsers write a request was found out; its value is not told. */
export type ForeignCheck = "sec-fetch-site" | "origin";

const reads = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Says by what it shows that a page of another origin makes the browser send something that could change
 * anything, a page on another port of this very host among them: cookies do not tell ports apart. Null when
 * nothing shows it. `Sec-Fetch-Site` and `Origin` are written by the browser; no page can forge them. Without
 * both it is no browser, and no cookie that its user did not put there.
 */
export function foreignCheck({
  method,
  headers,
}: {
  readonly method: string;
  readonly headers: HeaderReader;
}): ForeignCheck | null {
  if (reads.has(method)) return null;
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") return "sec-fetch-site";
  const origin = headers.get("origin");
  if (origin === null) return null;
  // Under `no-referrer` a form of our own page says null.
  if (origin === "null") return site === "same-origin" ? null : "origin";
  const { host } = client(headers);
  const sender = URL.canParse(origin) ? new URL(origin).host : null;
  return host === null || sender !== host.toLowerCase() ? "origin" : null;
}
