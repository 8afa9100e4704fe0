import { client, type HeaderReader } from "@/lib/net/client-address";

/** What of a request says where it comes from. */
interface Sent {
  readonly method: string;
  readonly headers: HeaderReader;
}

const reads = new Set(["GET", "HEAD", "OPTIONS"]);

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}

/** By which of the headers that browsers write a request was found out; its value is not told. */
export type ForeignCheck = "sec-fetch-site" | "origin";

/**
 * Says by what it shows that a page of another origin makes the browser send something that could change
 * anything, a page on another port of this very host among them: cookies do not tell ports apart. Null when
 * nothing shows it. `Sec-Fetch-Site` and `Origin` are written by the browser; no page can forge them. Without
 * both it is no browser, and no cookie that its user did not put there.
 */
export function foreignCheck({ method, headers }: Sent): ForeignCheck | null {
  if (reads.has(method)) return null;
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") return "sec-fetch-site";
  const origin = headers.get("origin");
  if (origin === null) return null;
  // Under `no-referrer` a form of our own page says null.
  if (origin === "null") return site === "same-origin" ? null : "origin";
  const { host } = client(headers);
  return host === null || hostOf(origin) !== host.toLowerCase() ? "origin" : null;
}
