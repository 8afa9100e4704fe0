/** What of a request says where it comes from. */
interface Sent {
  readonly method: string;
  readonly headers: { get(name: string): string | null };
}

const reads = new Set(["GET", "HEAD", "OPTIONS"]);

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}

/**
 * True when a page of another origin makes the browser send something that could change anything, a page on
 * another port of this very host among them: cookies do not tell ports apart. `Sec-Fetch-Site` and `Origin`
 * are written by the browser; no page can forge them. Without both it is no browser, and no cookie that its
 * user did not put there.
 */
export function isForeignWrite({ method, headers }: Sent): boolean {
  if (reads.has(method)) return false;
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") return true;
  const origin = headers.get("origin");
  if (origin === null) return false;
  // Under `no-referrer` a form of our own page says null.
  if (origin === "null") return site !== "same-origin";
  const host = headers.get("x-forwarded-host")?.split(",")[0]?.trim() || headers.get("host");
  return host === null || hostOf(origin) !== host.toLowerCase();
}
