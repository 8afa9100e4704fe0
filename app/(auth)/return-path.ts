const base = "http://latchkey.invalid";

const start = "/overview";

/** Paths of this origin that are no pages: a link to them would have done something by signing in. */
const noPage =
  /^\/(?:login(?:\/|$)|api\/|_next\/|\.well-known\/|activity\/export(?:\/|$)|instances\/[^/]+\/token(?:\/|$))/i;

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
