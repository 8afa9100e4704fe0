/**
 * Whether a request is something that a person does: opening a page, or sending a form. Pages also ask by
 * themselves (live updates, links fetched ahead), and that must not keep a session alive; what a person does
 * without such a request is told by `/api/presence`.
 */
export function isUse(headers: { get(name: string): string | null }): boolean {
  return headers.get("next-action") !== null || (headers.get("accept") ?? "").includes("text/html");
}
