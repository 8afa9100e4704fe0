import type { CallerEndpoints, SeenEndpoint } from "@/lib/domain/endpoint-seen";
import { queryPrepared } from "./pool";
import type { Transaction } from "./transaction";

// Callers that were let in before endpoints were remembered have none: nobody knows what they call.
const ofInstances = `
  SELECT c."id", c."moreEndpointsAt" IS NOT NULL
           OR (c."acceptedAt" IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM "CallerEndpoint" e WHERE e."callerId" = c."id")) AS "more", (
           SELECT coalesce(json_agg(json_build_array(e."method", e."path", e."accepted", e."rejected",
                                                     extract(epoch FROM e."lastAt") * 1000)
                                    ORDER BY e."accepted" + e."rejected" DESC, e."path", e."method"), '[]')
             FROM "CallerEndpoint" e WHERE e."callerId" = c."id") AS "endpoints"
    FROM "Caller" c WHERE c."accountId" = $1::uuid AND c."instanceId" = ANY($2::text[])`;

type EndpointColumns = [method: string, path: string, accepted: number, rejected: number, lastAt: number];

interface Row {
  readonly id: string;
  readonly more: boolean;
  readonly endpoints: readonly EndpointColumns[];
}

const toSeen = ([method, path, accepted, rejected, lastAt]: EndpointColumns): SeenEndpoint => ({
  method,
  path,
  accepted,
  rejected,
  lastAt: new Date(lastAt),
});

/**
 * The endpoints that the callers of some instances call, by the caller's id, those called most first. Nothing of other accounts.
 *
 * @param tx where to read; null: on any connection
 */
export async function readCallerEndpoints(
  accountId: string,
  instanceIds: readonly string[],
  tx: Transaction | null = null,
): Promise<ReadonlyMap<string, CallerEndpoints>> {
  const values = [accountId, instanceIds];
  const rows = tx
    ? await tx.$queryRawUnsafe<Row[]>(ofInstances, ...values)
    : await queryPrepared<Row>("caller-endpoints", ofInstances, values);
  return new Map(rows.map(({ id, more, endpoints }) => [id, { more, endpoints: endpoints.map(toSeen) }]));
}
