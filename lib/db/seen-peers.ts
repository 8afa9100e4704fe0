import type { SeenPeer } from "@/lib/domain/doctor";
import { pool } from "./pool";

const add = `
  INSERT INTO "SeenPeer" ("hour", "peer", "forwarded", "requests")
  SELECT date_trunc('hour', now()), "peer", "forwarded", "requests"
    FROM unnest($1::text[], $2::boolean[], $3::bigint[]) AS seen ("peer", "forwarded", "requests")
   -- In one order everywhere, so that two processes wait for each other and not for ever.
   ORDER BY 2, 3
      ON CONFLICT ("hour", "peer", "forwarded") DO UPDATE SET "requests" = "SeenPeer"."requests" + excluded."requests"`;

/** Adds to what was seen in this hour, and forgets what is older than two days. */
export async function addSeenPeers(seen: readonly SeenPeer[]): Promise<void> {
  const columns = [
    seen.map(({ peer }) => peer),
    seen.map(({ forwarded }) => forwarded),
    seen.map(({ requests }) => requests),
  ];
  await pool().query(add, columns);
  await pool().query(`DELETE FROM "SeenPeer" WHERE "hour" < now() - interval '2 days'`);
}
