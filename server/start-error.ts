/** A process that cannot start for a reason its operator can mend; the message says what to do. */
export class StartError extends Error {
  override name = "StartError";
}

/** The `code` of a system or PostgreSQL error, or an empty text. */
export function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}
