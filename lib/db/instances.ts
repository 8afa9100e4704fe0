import type { AddressMode } from "@/lib/domain/address-mode";
import type { EndpointKind } from "@/lib/domain/endpoint-rule";
import { queryPrepared } from "./pool";

/** An instance as lists show it: none of its secrets. */
interface ListedRow {
  readonly id: string;
  /** The id in its URL. */
  readonly calledId: string;
  readonly name: string;
  /** Its own or its service's. */
  readonly upstreamUrl: string | null;
  readonly createdAt: Date;
  readonly paused: boolean;
  /** Whether it was chosen one by one. */
  readonly enforced: boolean;
}

const matches = `($2 = '' OR strpos(
  lower(concat_ws(E'\\n', i."name", i."id", i."givenId", i."label", i."upstreamUrl", s."upstreamUrl")), lower($2)) > 0)`;

const withService = `"Instance" i LEFT JOIN "Service" s ON s."id" = i."serviceId"`;

const list = `
  WITH counted AS (
    SELECT count(*)::int AS total, (count(*) FILTER (WHERE ${matches}))::int AS matching
      FROM ${withService} WHERE i."accountId" = $1::uuid
  ), asked AS (
    SELECT total, matching, LEAST($3::int, GREATEST(1, (matching + $4::int - 1) / $4::int)) AS page FROM counted
  )
  SELECT asked.*, listed.* FROM asked LEFT JOIN LATERAL (
    SELECT i."id", coalesce(i."givenId", i."id") AS "calledId", i."name",
           coalesce(i."upstreamUrl", s."upstreamUrl") AS "upstreamUrl", i."createdAt",
           i."pausedAt" IS NOT NULL AS "paused", i."enforced"
      FROM ${withService} WHERE i."accountId" = $1::uuid AND ${matches}
     ORDER BY i."createdAt" DESC, i."id" LIMIT $4::int OFFSET (asked.page - 1) * $4::int) listed ON true
   ORDER BY listed."createdAt" DESC, listed."id"`;

/** One page of an account's instances, newest first; of a page beyond the last one, the last one. */
export async function readInstancePage(
  accountId: string,
  { search, page, take }: { readonly search: string; readonly page: number; readonly take: number },
) {
  type Row = ListedRow & { total: number; matching: number; page: number };
  const rows = await queryPrepared<Row>("instances", list, [accountId, search, page, take]);
  const { total = 0, matching = 0, page: found = 1 } = rows[0] ?? {};
  const items: readonly ListedRow[] = rows.filter(({ id }) => id !== null);
  return { items, total, matching, page: found };
}

const names = `
  SELECT "name" FROM "Instance" WHERE "accountId" = $1 AND "id" <> ALL($2) AND ($3 OR NOT "enforced")
   ORDER BY "createdAt" DESC, "id" LIMIT $4`;

/** The names of an account's newest instances, without some of them. @param chosenToo those chosen one by one too */
export async function readInstanceNames(
  accountId: string,
  {
    except,
    chosenToo,
    most,
  }: {
    readonly except: readonly string[];
    readonly chosenToo: boolean;
    readonly most: number;
  },
): Promise<string[]> {
  const values = [accountId, except, chosenToo, most];
  const rows = await queryPrepared<{ name: string }>("instance-names", names, values);
  return rows.map(({ name }) => name);
}

/** An instance as it is exported; its token is still sealed. */
interface ExportRow {
  readonly id: string;
  readonly givenId: string | null;
  readonly name: string;
  readonly tokenSealed: string;
  /** The name of its service. */
  readonly service: string | null;
  readonly label: string | null;
  readonly hosts: readonly string[];
  readonly upstreamUrl: string | null;
  readonly enforced: boolean;
  readonly paused: boolean;
  readonly firstByteSeconds: number | null;
  readonly answerStyle: string;
  readonly endpointMode: AddressMode;
  readonly endpointKind: EndpointKind;
  readonly endpointRules: string[];
  readonly createdAt: Date;
}

const exportRows = `
  SELECT i."id", i."givenId", i."name", i."tokenSealed", s."name" AS service, i."label", i."upstreamUrl", i."enforced",
         i."pausedAt" IS NOT NULL AS paused, i."firstByteSeconds", i."createdAt",
         i."answerStyle", i."endpointMode", i."endpointKind", i."endpointRules",
         ARRAY(SELECT h."name" FROM "HostName" h WHERE h."instanceId" = i."id" ORDER BY 1) AS hosts
    FROM "Instance" i LEFT JOIN "Service" s ON s."id" = i."serviceId"
   WHERE i."accountId" = $1::uuid AND (i."createdAt", i."id") > ($2::timestamptz, $3)
   ORDER BY i."createdAt", i."id" LIMIT $4`;

/** Some of an account's instances, oldest first, from the one after this on. */
export function readExportRows(
  accountId: string,
  after: Pick<ExportRow, "createdAt" | "id">,
  most: number,
): Promise<ExportRow[]> {
  return queryPrepared<ExportRow>("export", exportRows, [accountId, after.createdAt, after.id, most]);
}
