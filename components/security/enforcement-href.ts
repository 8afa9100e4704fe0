/** The part of the Security page that lists the instances. */
export const enforcementId = "enforcement-by-instance";

/** The address of one page of the list *Enforcement by instance*; what is left out is the default. */
export function enforcementHref(search: string, page: number): string {
  const query = new URLSearchParams();
  if (search !== "") query.set("search", search);
  if (page > 1) query.set("page", String(page));
  const text = query.toString();
  return `/security${text === "" ? "" : `?${text}`}#${enforcementId}`;
}
