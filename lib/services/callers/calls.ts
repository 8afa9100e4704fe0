import { type CallerRow, readCallers } from "@/lib/db/callers";
import { db } from "@/lib/db/client";
import { readCallerEndpoints } from "@/lib/db/endpoints";
import type { Transaction } from "@/lib/db/transaction";
import {
  fateOfEndpoints,
  fateOfService,
  fatesOf,
  lostByRoutes,
  lostEndpoints,
  type RulesChange,
  type ServiceChange,
} from "@/lib/domain/consequence";
import type { CallerEndpoints, SeenEndpoint } from "@/lib/domain/endpoint-seen";
import type { CallerFates } from "./consequence";

/** A caller, and what it calls. */
export interface Calling {
  readonly caller: CallerRow;
  readonly calls: CallerEndpoints;
}

/** One that was first heard between two readings has not been read of. */
const nothingKnown: CallerEndpoints = { endpoints: [], more: true };

/** The callers of some instances of an account with what they call. Says nothing about who may know. */
export async function readCalls(
  accountId: string,
  instanceIds: readonly string[],
  tx: Transaction | null = null,
): Promise<Calling[]> {
  // A transaction has one connection, so there one reading comes after the other.
  const calls = readCallerEndpoints(accountId, instanceIds, tx);
  if (tx) await calls;
  const [known, callers] = await Promise.all([calls, readCallers(accountId, tx, instanceIds)]);
  return callers.map((caller) => ({ caller, calls: known.get(caller.id) ?? nothingKnown }));
}

const textsOf = (lost: readonly { readonly seen: SeenEndpoint }[]) =>
  lost.map(({ seen }) => `${seen.method} ${seen.path}`);

/** Who would newly be rejected when endpoint rules come to count, each with what it calls and would lose. */
export async function fatesOfEndpoints(
  accountId: string,
  instanceId: string,
  change: RulesChange,
  now: Date,
  tx: Transaction | null = null,
): Promise<CallerFates> {
  const called = (await readCalls(accountId, [instanceId], tx)).map((each) => ({
    ...each,
    endpoints: textsOf(lostEndpoints(each.calls, change)),
  }));
  return fatesOf(called, ({ calls }) => fateOfEndpoints(calls, change, now));
}

/**
 * Whom a change of a service would turn away or lead elsewhere, with what they would lose.
 *
 * @param whose callers: those of all instances of the service, or of one instance
 */
export async function fatesOfService(
  accountId: string,
  whose: { readonly serviceId: string } | { readonly id: string },
  change: ServiceChange,
  now: Date,
  tx: Transaction | null = null,
): Promise<CallerFates> {
  const instances = await (tx ?? db).instance.findMany({
    where: { ...whose, accountId },
    select: { id: true, label: true },
  });
  const labels = new Map(instances.map(({ id, label }) => [id, label]));
  const called = (await readCalls(accountId, [...labels.keys()], tx)).map((each) => {
    const lost = lostByRoutes(each.calls, change.routes, labels.get(each.caller.instanceId) ?? null);
    return { ...each, lost, endpoints: textsOf(lost) };
  });
  return fatesOf(called, ({ calls, lost }) => fateOfService(calls, lost, change, now));
}
