/** The address of one page of the instance list; what is left out is the default. */
export function listHref(search: string, page: number): string {
  const query = new URLSearchParams();
  if (search !== "") query.set("search", search);
  if (page > 1) query.set("page", String(page));
  const text = query.toString();
  return text === "" ? "/instances" : `/instances?${text}`;
}

/** What the address bar asks for. Anything odd means everything, from the first page. */
export function listQuery(params: Readonly<Record<string, string | string[] | undefined>>): {
  search: string;
  page: number;
} {
  const { search, page } = params;
  return {
    search: typeof search === "string" ? search.trim() : "",
    page: typeof page === "string" && /^[1-9]\d{0,5}$/.test(page) ? Number(page) : 1,
  };
}
