import { type AddressList, compileAddressList } from "@/lib/domain/address-list";
import type { AddressCallerView } from "@/lib/domain/address-view";
import { pool } from "./pool";

/** Lists that are remembered; each has 500 entries at most. */
const mostCompiled = 1000;

/** Lists compiled last, by account and entries. */
const compiled = new Map<string, AddressList>();

/**
 * An account's list, compiled. All its instances share one, with what that remembers of the addresses looked
 * up; accounts share nothing.
 *
 * @throws RangeError naming the first entry that is neither an address nor a CIDR
 */
export function addressListOf(accountId: string, cidrs: readonly string[]): AddressList {
  if (cidrs.length === 0) return compileAddressList(cidrs);
  const key = `${accountId} ${cidrs.join(" ")}`;
  const known = compiled.get(key);
  if (known) return known;
  const list = compileAddressList(cidrs);
  if (compiled.size >= mostCompiled) compiled.clear();
  compiled.set(key, list);
  return list;
}

const requests = `
  SELECT h."callerId", sum(h."requests")::float8 AS requests
    FROM "CallerHour" h JOIN "Caller" c ON c."id" = h."callerId"
   WHERE c."accountId" = $1 AND h."callerId" = ANY($2::uuid[]) AND h."hour" >= $3
   GROUP BY 1`;

/** Requests of some callers of an account since an hour. */
export async function readRequestsOf(
  accountId: string,
  ids: readonly string[],
  since: Date,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await pool().query<{ callerId: string; requests: number }>(requests, [
    accountId,
    ids,
    since,
  ]);
  return new Map(rows.map((row) => [row.callerId, row.requests]));
}

const rejectedCallers = `
  SELECT c."id", c."instanceId", i."name" AS "instanceName", c."others", c."name", c."address", c."agent",
         c."lastSeenAt", sum(h."requests")::float8 AS requests
    FROM "CallerHour" h JOIN "Caller" c ON c."id" = h."callerId" JOIN "Instance" i ON i."id" = c."instanceId"
   WHERE c."accountId" = $1 AND i."accountId" = $1 AND h."hour" >= $2 AND h."outcome" = 'address'
   GROUP BY c."id", i."id"
   ORDER BY c."lastSeenAt" DESC, c."id"`;

const rejectedRequests = `
  SELECT coalesce(sum(h."requests"), 0)::float8 AS requests
    FROM "TrafficHour" h JOIN "Instance" i ON i."id" = h."instanceId"
   WHERE i."accountId" = $1 AND h."hour" >= $2 AND h."outcome" = 'address'`;

/** Callers of an account rejected for their address since an hour, and all requests that were. */
export async function readAddressRejections(accountId: string, since: Date) {
  const [callers, total] = await Promise.all([
    pool().query<AddressCallerView>(rejectedCallers, [accountId, since]),
    pool().query<{ requests: number }>(rejectedRequests, [accountId, since]),
  ]);
  return { callers: callers.rows, requests: total.rows[0]?.requests ?? 0 };
}
