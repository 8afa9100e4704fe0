import { randomBytes } from "node:crypto";
import type { Transaction } from "@/lib/db/transaction";
import { Refusal } from "@/lib/domain/errors";
import { newInstanceId } from "@/lib/domain/token-format";
import { mintInstanceToken } from "../instances/token";
import { rowsAtOnce } from "./collisions";
import { inSlices, type PlannedInstance } from "./plan";

/** One row to be: all that takes long is done before the account is held. */
interface NewRow {
  readonly id: string;
  readonly planned: PlannedInstance;
  readonly digest: string;
  readonly sealed: string;
}

/** Makes ids and tokens of what is planned, and seals them. */
export async function rowsToWrite(plan: readonly PlannedInstance[]): Promise<NewRow[]> {
  const rows: NewRow[] = [];
  await inSlices(plan, (planned) => {
    if (planned.errors.length > 0) return;
    const id = newInstanceId(randomBytes);
    const { stored } = mintInstanceToken(id, planned.token ?? undefined);
    const digest = Buffer.from(stored.tokenDigest).toString("hex");
    rows.push({ id, planned, digest, sealed: stored.tokenSealed });
  });
  return rows;
}

const insertInstances = `
  INSERT INTO "Instance" ("id", "accountId", "name", "upstreamUrl", "tokenDigest", "tokenSealed", "serviceId", "label",
                          "givenId", "enforced", "pausedAt", "firstByteSeconds", "createdAt", "updatedAt")
  SELECT "id", $1::uuid, "name", "upstream", decode("digest", 'hex'), "sealed", "service", "label", "given", "enforced",
         CASE WHEN "paused" THEN $2::timestamptz END, "seconds", $2::timestamptz, $2::timestamptz
    FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::text[], $10::text[],
                $11::bool[], $12::bool[], $13::int[])
      AS row("id", "name", "upstream", "digest", "sealed", "service", "label", "given", "enforced", "paused", "seconds")
  ON CONFLICT DO NOTHING`;

const insertHosts = `
  INSERT INTO "HostName" ("name", "accountId", "instanceId")
  SELECT "name", $1::uuid, "instance" FROM unnest($2::text[], $3::text[]) AS row("name", "instance")
  ON CONFLICT DO NOTHING`;

/** Somebody else was quicker with an id and token, or with a host name: nothing of it happens. */
function requireAll(written: number, wanted: number): void {
  if (written !== wanted) throw new Refusal("conflict");
}

/**
 * Writes instances and their host names, a few thousand rows a statement.
 *
 * @param mayChoose whether instances are enforced one by one now; otherwise nobody is chosen
 * @throws Refusal `conflict`
 */
export async function writeRows(
  tx: Transaction,
  accountId: string,
  rows: readonly NewRow[],
  mayChoose: boolean,
  onProgress: (share: number) => void,
): Promise<void> {
  const now = new Date();
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    const some = rows.slice(at, at + rowsAtOnce);
    const column = <T>(of: (planned: PlannedInstance) => T) => some.map(({ planned }) => of(planned));
    const values = [
      some.map(({ id }) => id),
      column(({ name }) => name),
      column(({ upstreamUrl }) => upstreamUrl),
      some.map(({ digest }) => digest),
      some.map(({ sealed }) => sealed),
      column(({ service }) => service?.id ?? null),
      column(({ label }) => label),
      column(({ givenId }) => givenId),
      column(({ enforced }) => enforced && mayChoose),
      column(({ paused }) => paused),
      column(({ firstByteSeconds }) => firstByteSeconds),
    ];
    requireAll(await tx.$executeRawUnsafe(insertInstances, accountId, now, ...values), some.length);
    onProgress(Math.min(1, (at + rowsAtOnce) / rows.length));
  }
  // In one order, so that no two changes wait for each other.
  const hosts = rows
    .flatMap(({ id, planned }) => planned.hosts.map((name) => ({ name, id })))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  for (let at = 0; at < hosts.length; at += rowsAtOnce) {
    const some = hosts.slice(at, at + rowsAtOnce);
    const columns = [some.map(({ name }) => name), some.map(({ id }) => id)];
    requireAll(await tx.$executeRawUnsafe(insertHosts, accountId, ...columns), some.length);
  }
}
