import { pool } from "./pool";

/** Requests of one hour that ended alike. */
export interface TrafficRow {
  readonly hour: Date;
  /** "accepted", or the reason of the rejection. */
  readonly outcome: string;
  readonly requests: number;
}

interface StoredRow {
  hour: Date;
  outcome: string;
  /** numeric as text, as node-postgres gives it. */
  requests: string;
}

const ofInstance = `
  SELECT h."hour", h."outcome", sum(h."requests") AS requests
    FROM "TrafficHour" h JOIN "Instance" i ON i."id" = h."instanceId"
   WHERE i."accountId" = $1 AND h."hour" >= $2 AND h."instanceId" = $3
   GROUP BY 1, 2`;

const ofAccount = `
  SELECT h."hour", h."outcome", sum(h."requests") AS requests
    FROM "TrafficHour" h JOIN "Instance" i ON i."id" = h."instanceId"
   WHERE i."accountId" = $1 AND h."hour" >= $2
   GROUP BY 1, 2`;

/** Requests by hour and end since an hour, of one instance of the account or of all. Nothing of other accounts. */
export async function readTrafficHours(
  accountId: string,
  since: Date,
  instanceId?: string,
): Promise<TrafficRow[]> {
  const { rows } = await (instanceId === undefined
    ? pool().query<StoredRow>(ofAccount, [accountId, since])
    : pool().query<StoredRow>(ofInstance, [accountId, since, instanceId]));
  return rows.map(({ hour, outcome, requests }) => ({ hour, outcome, requests: Number(requests) }));
}
