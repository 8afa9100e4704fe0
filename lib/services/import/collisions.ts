import { rowsOf, type Transaction } from "@/lib/db/transaction";
import type { FieldError } from "@/lib/domain/errors";
import { nameKey } from "@/lib/domain/seen-text";
import { inSlices, type PlannedInstance } from "./plan";

/** Rows looked up in one statement. */
export const rowsAtOnce = 5000;

const names = `SELECT "name" FROM "Instance" WHERE "accountId" = $1::uuid`;

const labels = `
  SELECT asked.n FROM unnest($1::int[], $2::uuid[], $3::text[]) AS asked(n, "of", "label")
    JOIN "Instance" i ON i."serviceId" = asked."of" AND i."label" = asked."label"`;

const credentials = `
  SELECT DISTINCT asked.n FROM unnest($1::int[], $2::uuid[], $3::text[]) AS asked(n, "of", "digest")
    JOIN "Instance" i ON i."serviceId" = asked."of" AND i."tokenDigest" = decode(asked."digest", 'hex')`;

// Ids count together with their token: that of somebody else alone is met by nobody, and says nothing.
const ids = `
  WITH asked AS (SELECT * FROM unnest($1::int[], $2::text[], $3::text[]) AS asked(n, "id", "digest")),
  met AS (
    SELECT asked.n, i."accountId" FROM asked JOIN "Instance" i
        ON i."givenId" = asked."id" AND i."tokenDigest" = decode(asked."digest", 'hex')
     UNION ALL
    SELECT asked.n, i."accountId" FROM asked JOIN "Instance" i
        ON i."id" = asked."id" AND (i."tokenDigest" = decode(asked."digest", 'hex') OR i."accountId" = $4::uuid)
  )
  SELECT n, bool_or("accountId" = $4::uuid) AS own FROM met GROUP BY n`;

const hosts = `
  SELECT asked.n, h."name" AS host FROM unnest($1::int[], $2::text[]) AS asked(n, "name")
    JOIN "HostName" h ON h."name" = asked."name"`;

/** Adds to each line whose name an instance of the account has already, in whatever case, an error that says so. */
export async function noteTakenNames(
  tx: Transaction | null,
  accountId: string,
  plan: readonly PlannedInstance[],
): Promise<void> {
  const existing = new Map<string, string>();
  const rows = await rowsOf<{ name: string }>(tx, names, [accountId]);
  await inSlices(rows, ({ name }) => existing.set(nameKey(name), name));
  for (const { name, nameKey: key, errors } of plan) {
    const namesake = errors.length === 0 ? existing.get(key) : undefined;
    if (namesake !== undefined)
      errors.push(
        namesake === name
          ? { field: "name", code: "name_taken", params: { name } }
          : { field: "name", code: "name_case" },
      );
  }
}

/**
 * Adds to each line that collides with what exists an error that says so. Of other accounts it says what the gate says to anybody
 * who asks with the same id and token, and that a host name is taken.
 */
export async function noteCollisions(accountId: string, plan: readonly PlannedInstance[]): Promise<void> {
  const open = plan.filter(({ errors }) => errors.length === 0);
  for (let at = 0; at < open.length; at += rowsAtOnce) {
    await noteTaken(accountId, open.slice(at, at + rowsAtOnce));
  }
  // Last: of what is here already, that it has the same name besides is no news.
  await noteTakenNames(null, accountId, open);
}

/** Whether nothing is wrong with a line but that its service has this instance already. */
export function isHereAlready({ errors }: PlannedInstance): boolean {
  return (
    errors.length > 0 && errors.every(({ code }) => code === "label_taken" || code === "credential_taken")
  );
}

/** One row that is asked for: whose it is among the lines, and the columns it is looked up by. */
type Asked = readonly [n: number, ...columns: string[]];

/** One that exists already. */
interface Met {
  readonly n: number;
  readonly own?: boolean;
  readonly host?: string;
}

async function noteTaken(accountId: string, plan: readonly PlannedInstance[]): Promise<void> {
  const asked = <C extends readonly string[]>(of: (planned: PlannedInstance) => readonly C[]) =>
    plan.flatMap((planned, n) => of(planned).map((columns): Asked => [n, ...columns]));
  const note = async (
    statement: string,
    rows: readonly Asked[],
    field: string,
    errorOf: (row: Met) => Omit<FieldError, "field">,
    more: readonly unknown[] = [],
  ) => {
    const [first] = rows;
    if (first === undefined) return;
    const columns = first.map((_, column) => rows.map((row) => row[column]));
    const found = await rowsOf<Met>(null, statement, [...columns, ...more]);
    for (const row of found) plan[row.n]?.errors.push({ field, ...errorOf(row) });
  };
  const within = (of: (planned: PlannedInstance) => readonly string[]) =>
    asked((planned) => of(planned).map((value) => [planned.service?.id ?? "", value]));
  const inService = (planned: PlannedInstance) => planned.service !== null;
  await note(
    labels,
    within((each) => (inService(each) && each.label !== null ? [each.label] : [])),
    "label",
    () => ({ code: "label_taken" }),
  );
  await note(
    credentials,
    within((each) => (inService(each) ? each.digests : [])),
    "token",
    () => ({ code: "credential_taken" }),
  );
  await note(
    ids,
    asked(({ givenId: id, digests }) =>
      id === null ? [] : (digests[0] ? digests : [""]).map((each) => [id, each]),
    ),
    "id",
    ({ own }) => ({ code: own ? "id_taken" : "id_unusable" }),
    [accountId],
  );
  const taken = asked(({ hosts: wanted }) => wanted.map((host) => [host]));
  await note(hosts, taken, "hosts", ({ host = "" }) => ({ code: "host_taken", params: { host } }));
}
