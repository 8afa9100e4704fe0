/** The cookies that Latchkey sets, by what follows `latchkey.` in their names. Nothing else names a cookie. */
export const ownCookieNames = [
  "session",
  "second-step",
  "invitation",
  "link",
  "passkey",
  "provider",
  "zone",
  "theme",
  "language",
] as const;

/** One of Latchkey's own cookies. */
export type OwnCookie = (typeof ownCookieNames)[number];

/** Settings of a browser: they say nothing that is worth planting, and are read before anything else. */
const preferences: ReadonlySet<OwnCookie> = new Set(["zone", "theme", "language"]);

/**
 * A cookie's full name. On https, those that say who somebody is have the `__Host-` prefix: it
 * makes browsers refuse them from anyone but this very host (RFC 6265bis §4.1.3).
 */
export function ownCookieName(cookie: OwnCookie, secure: boolean): string {
  return `${secure && !preferences.has(cookie) ? "__Host-" : ""}latchkey.${cookie}`;
}

/**
 * Matches where a pair begins with a name of ours or of next-auth, which works for us: also where parsers disagree
 * about what separates pairs, about case, quotes, and cookies without a name.
 */
const ownName = /(?:^|,)[\s"=]*(?:__(?:host|secure)-)?(?:latchkey|next-auth)\./i;

/** The value of a `Cookie` header (RFC 6265 §4.2) without Latchkey's own; the others byte for byte. Null: none is left. */
export function withoutOwnCookies(value: string): string | null {
  if (!/latchkey\.|next-auth\./i.test(value)) return value;
  const kept = value.split(";").filter((pair) => !ownName.test(pair));
  return kept.some((pair) => pair.trim() !== "") ? kept.join(";").trim() : null;
}

/** True when a `Set-Cookie` value (RFC 6265 §4.1) would set one of Latchkey's own. */
export function setsOwnCookie(value: string): boolean {
  return ownName.test(value.split(";", 1)[0] ?? "");
}
