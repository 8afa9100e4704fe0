/** A measurement that cannot be made; the message is one clear line that says why or what to do. */
export class BenchError extends Error {
  override name = "BenchError";
}

/** One line about anything that was thrown. */
export function reasonOf(error: unknown): string {
  if (error instanceof BenchError) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
