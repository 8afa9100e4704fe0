import { config } from "@/lib/config";
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
