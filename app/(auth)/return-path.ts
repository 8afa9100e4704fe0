const base = "http://latchkey.invalid";

/**
 * Where to go after sign-in: the wanted page when it is one of ours, else the overview. Only a path on this
 * very origin passes: no other host, scheme, user name or backslash trick can lead away from here.
 */
export function returnPath(wanted: unknown): string {
  if (typeof wanted !== "string" || !wanted.startsWith("/") || !URL.canParse(wanted, base))
    return "/overview";
  const { origin, pathname, search } = new URL(wanted, base);
  // A path that begins with two slashes would be read as a host by the browser.
  return origin === base && !pathname.startsWith("//") && pathname !== "/login"
    ? pathname + search
    : "/overview";
}
