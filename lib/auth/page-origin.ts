import { config } from "@/lib/config";

/** The part of the request headers that names the page's own origin. */
interface HeaderReader {
  get(name: string): string | null;
}

const hostPattern = /^(?:[0-9A-Za-z.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

const firstOf = (value: string | null): string => (value ?? "").split(",")[0]?.trim() ?? "";

/**
 * The origin of the dashboard as the browser sees it: `LATCHKEY_URL` when set, else the host the page was
 * opened under. Never ends in a slash.
 */
export function pageOrigin(headers: HeaderReader): string {
  const { url } = config();
  if (url) return url;
  const host = firstOf(headers.get("x-forwarded-host")) || firstOf(headers.get("host"));
  const scheme = firstOf(headers.get("x-forwarded-proto")).toLowerCase() === "https" ? "https" : "http";
  return `${scheme}://${hostPattern.test(host) ? host.toLowerCase() : "localhost"}`;
}

/** True when the browser reaches the dashboard over TLS, so that cookies can be `Secure`. */
export function isSecurePage(headers: HeaderReader): boolean {
  return pageOrigin(headers).startsWith("https:");
}
