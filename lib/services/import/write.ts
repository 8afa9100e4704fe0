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
  const ids: string[] = [];
  const ready = plan.filter(({ errors }) => errors.length === 0);
  await inSlices(ready, () => ids.push(newInstanceId(randomBytes)));
  // Lists and exports go by time and id, and the time is the same for all: so they have the order of the file,
  // in a database that compares texts byte by byte, as the included one does.
  ids.sort();
  await inSlices(ready, (planned) => {
    const id = ids[rows.length] as string;
    const { stored } = mintInstanceToken(id, planned.token ?? undefined);
    const digest = Buffer.from(stored.tokenDigest).toString("hex");
    rows.push({ id, planned, digest, sealed: stored.tokenSealed });
  });
  return rows;
}

const insertInstances = `
  INSERT INTO "Instance" ("id", "accountId", "name", "upstreamUrl", "tokenDigest", "tokenSealed", "serviceId", "label",
                          "givenId", "enforced", "pausedAt", "firstByteSeconds", "answerStyle", "endpointMode", "endpointKind",
                          "endpointRules", "createdAt", "updatedAt")
  SELECT "id", $1::uuid, "name", "upstream", decode("digest", 'hex'), "sealed", "service", "label", "given", "enforced",
         CASE WHEN "paused" THEN $2::timestamptz END, "seconds", "style"::"AnswerStyle", "mode"::"AddressMode",
         "kind"::"EndpointKind", "rules", $2::timestamptz, $2::timestamptz
    FROM json_to_recordset($3::json)
      AS row("id" text, "name" text, "upstream" text, "digest" text, "sealed" text, "service" uuid, "label" text,
             "given" text, "enforced" bool, "paused" bool, "seconds" int, "style" text, "mode" text, "kind" text,
             "rules" text[])
  ON CONFLICT DO NOTHING`;

const insertHosts = `
  INSERT INTO "HostName" ("name", "accountId", "instanceId")
  SELECT "name", $1::uuid, "id" FROM json_to_recordset($2::json) AS row("name" text, "id" text)
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
    const some = rows.slice(at, at + rowsAtOnce).map(({ id, planned, digest, sealed }) => ({
      id,
      digest,
      sealed,
      name: planned.name,
      upstream: planned.upstreamUrl,
      service: planned.service?.id ?? null,
      label: planned.label,
      given: planned.givenId,
      enforced: planned.enforced && mayChoose,
      paused: planned.paused,
      seconds: planned.firstByteSeconds,
      style: planned.answerStyle,
      ...planned.endpoints,
    }));
    // As one text: many arrays take longer to hand over than their rows to insert.
    const written = await tx.$executeRawUnsafe(insertInstances, accountId, now, JSON.stringify(some));
    requireAll(written, some.length);
    onProgress(Math.min(1, (at + rowsAtOnce) / rows.length));
  }
  // In one order, so that no two changes wait for each other.
  const hosts = rows
    .flatMap(({ id, planned }) => planned.hosts.map((name) => ({ name, id })))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  for (let at = 0; at < hosts.length; at += rowsAtOnce) {
    const some = hosts.slice(at, at + rowsAtOnce);
    requireAll(await tx.$executeRawUnsafe(insertHosts, accountId, JSON.stringify(some)), some.length);
  }
}
