import { callerId, callerLimits, otherCallersId } from "@/lib/domain/caller";
import type { CallerSums } from "@/lib/domain/caller-sums";
import { observationStatement } from "./observations-statement";
import { pool } from "./pool";

/** How long the database may take before it gives up, and how long we wait to hear of that; milliseconds. */
const timeoutMs = 10_000;
const answerTimeoutMs = 15_000;

const columns = (rows: readonly (readonly unknown[])[], width: number): unknown[][] =>
  Array.from({ length: width }, (_, column) => rows.map((row) => row[column]));

function callerRow(caller: CallerSums): readonly unknown[] {
  const others = otherCallersId(caller.instanceId);
  return [
    caller.others ? others : callerId(caller),
    others,
    caller.instanceId,
    caller.address,
    caller.agent,
    caller.userAgent,
    caller.firstAt,
    caller.lastAt,
    caller.method,
    caller.path,
    caller.outcome,
    caller.token,
    caller.acceptedAt || null,
    caller.rejectedAt || null,
    caller.liveAt || null,
    caller.notLiveAt || null,
    caller.relapsedAt || null,
    caller.relapsedFrom || null,
  ];
}

/**
 * Writes sums of several gates' requests: callers, their hours, and the hours of instances, in one statement
 * and so wholly or not at all. Any number of gates may do so at once. Instances that were deleted meanwhile
 * are left out, and callers beyond the limits are added to their instance's others.
 *
 * @throws Error when the database does not take it; then nothing was written, unless the answer was lost
 */
export async function writeObservations(batch: readonly CallerSums[]): Promise<void> {
  const callers = batch.map(callerRow);
  const counts = batch.flatMap(({ counts }, at) =>
    counts.map(({ hour, outcome, token, requests }) => [at + 1, hour, outcome, token, requests]),
  );
  const values = [
    ...columns(callers, 18),
    ...columns(counts, 5),
    callerLimits.perInstance,
    callerLimits.perAccount,
  ];
  await inShortTransaction({ text: observationStatement, values, query_timeout: answerTimeoutMs });
}

/** Runs one statement that the database itself ends when it takes too long: it must not finish unheard. */
async function inShortTransaction(query: { text: string; values: unknown[]; query_timeout: number }) {
  const client = await pool().connect();
  try {
    // Compiling the statement would take longer than running it.
    await client.query(`BEGIN; SET LOCAL statement_timeout = ${timeoutMs}; SET LOCAL jit = off`);
    await client.query(query);
    await client.query("COMMIT");
    client.release();
  } catch (error) {
    // Closing the connection rolls back, whatever state it is in.
    client.release(true);
    throw error;
  }
}

/** True when the database refused the data themselves (SQLSTATE class 22 or 23514), as it always would. */
export function refusesData(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && (code.startsWith("22") || code === "23514");
}
