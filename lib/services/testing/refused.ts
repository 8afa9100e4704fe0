import { Refusal } from "@/lib/domain/errors";

/** Waits for a refusal and shows it in short, as `invalid name:required`. Anything else is thrown. */
export async function refusedWith(work: Promise<unknown>): Promise<string> {
  let outcome: unknown;
  try {
    outcome = await work;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return [error.code, ...error.fields.map(({ field, code }) => `${field}:${code}`)].join(" ");
  }
  throw new Error(`not refused, but ${JSON.stringify(outcome) ?? "done"}`);
}
