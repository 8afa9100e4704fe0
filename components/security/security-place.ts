/** Parts of the Security page that its own links lead to. */
export const preflightId = "preflight";
export const enforcementId = "enforcement-by-instance";

const keys = ["callers", "caller", "shown", "search", "page"] as const;

/**
 * What the Security page is narrowed to, as the address bar has it: callers by status, by a search, how many of
 * them; instances by a search, and which page. What is left out is the default.
 */
export type SecurityPlace = { readonly [key in (typeof keys)[number]]?: string | undefined };

/** What the address bar asks for, as text that use cases make sense of. */
export function securityPlace(
  params: Readonly<Record<string, string | string[] | undefined>>,
): SecurityPlace {
  return Object.fromEntries(given(params));
}

function given(params: Readonly<Record<string, string | readonly string[] | undefined>>): [string, string][] {
  return keys.flatMap((key): [string, string][] => {
    const value = params[key];
    return typeof value === "string" && value !== "" ? [[key, value]] : [];
  });
}

/** The address of a place, at one of the page's parts. */
export function securityHref(place: SecurityPlace, part: string): string {
  const query = new URLSearchParams(given(place));
  return `/security${query.size === 0 ? "" : `?${query}`}#${part}`;
}

/** A place with some of it changed; undefined is the default. */
export function moved(place: SecurityPlace, change: SecurityPlace): SecurityPlace {
  return securityPlace({ ...place, ...change });
}
