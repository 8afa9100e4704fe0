/** The pages about security. */
export const securityPath = "/security";
export const addressesPath = "/security/addresses";

/** Parts of the first that links lead to. */
export const tokenModuleId = "account-security-token";
export const preflightId = "preflight";
export const enforcementId = "enforcement-by-instance";
export const samplesId = "send-the-header";

const keys = ["callers", "caller", "shown", "unfold", "search", "page"] as const;

/**
 * What the Security page is narrowed to, as the address bar has it: callers by status, by a search, how many of
 * them, and the one whose program is unfolded; instances by a search, and which page. What is left out is the default.
 */
export type SecurityPlace = { readonly [key in (typeof keys)[number]]?: string | undefined };

type Params = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What the address bar asks for, as text that a use case makes sense of. */
export function securityPlace(params: Params): SecurityPlace {
  return Object.fromEntries(given(params));
}

function given(params: Params): [string, string][] {
  return keys.flatMap((key): [string, string][] => {
    const value = params[key];
    return typeof value === "string" && value !== "" ? [[key, value]] : [];
  });
}

/** A place as a query with its question mark; empty for all defaults. */
export function securityQuery(place: SecurityPlace): string {
  const query = new URLSearchParams(given(place));
  return query.size === 0 ? "" : `?${query}`;
}

/** The address of a place, at one of the page's parts. */
export function securityHref(place: SecurityPlace, part: string): string {
  return `${securityPath}${securityQuery(place)}#${part}`;
}

/** A place with some of it changed; undefined is the default. */
export function moved(place: SecurityPlace, change: SecurityPlace): SecurityPlace {
  return securityPlace({ ...place, ...change });
}
