import { instanceTokenDigest } from "@/lib/crypto/digest";
import { keyFor } from "@/lib/crypto/keys";
import { boxContext, boxPrefix, seal, unseal } from "@/lib/crypto/sealed-box";
import { raiseEpoch } from "@/lib/db/epoch";
import { outboxContext } from "@/lib/db/outbox";
import { pool } from "@/lib/db/pool";
import { inAccountTransaction, type Transaction } from "@/lib/db/transaction";

/** How much was put under the secret in use. */
export interface Resealed {
  readonly instances: number;
  readonly services: number;
  readonly seeds: number;
  readonly mails: number;
  /** Values that none of the secrets open: damaged, or sealed with one that was lost. They stay as they are. */
  readonly unreadable: number;
}

/** So many rows are changed in one transaction, so that nobody waits long for the account. */
const batch = 200;

const likeInUse = (key: Buffer) => `${boxPrefix(key)}%`;

/** Seals again what opens; what does not is noted, and left out from then on. */
class Resealer {
  readonly counts = { instances: 0, services: 0, seeds: 0, mails: 0 };
  readonly unreadable = new Set<string>();

  constructor(readonly progress: (done: number) => void) {}

  get done(): number {
    const { instances, services, seeds, mails } = this.counts;
    return instances + services + seeds + mails;
  }

  /** The rows of these that could be made anew. */
  each<Row extends { readonly id: string }, Made>(rows: readonly Row[], make: (row: Row) => Made): Made[] {
    return rows.flatMap((row) => {
      try {
        return [make(row)];
      } catch {
        this.unreadable.add(row.id);
        return [];
      }
    });
  }

  note(kind: keyof Resealer["counts"], count: number): void {
    this.counts[kind] += count;
    if (count > 0) this.progress(this.done);
  }
}

const again = (box: string | null, context: string) =>
  box === null ? null : seal(unseal(box, context), context);

interface InstanceRow {
  readonly id: string;
  readonly tokenSealed: string;
  readonly headersSealed: string | null;
}

/** Digest and box of a token are made together: the box says under which secret both are. */
function instanceAgain({ id, tokenSealed, headersSealed }: InstanceRow) {
  const context = boxContext.instanceToken(id);
  const token = unseal(tokenSealed, context);
  return {
    id,
    digest: instanceTokenDigest(token).toString("hex"),
    token: seal(token, context),
    headers: again(headersSealed, boxContext.headers(`instance:${id}`)),
  };
}

/** @returns how many were found, whether or not they open: the next call finds others */
async function resealInstances(tx: Transaction, accountId: string, work: Resealer): Promise<number> {
  const rows = await tx.$queryRawUnsafe<InstanceRow[]>(
    `SELECT "id", "tokenSealed", "headersSealed" FROM "Instance"
      WHERE "accountId" = $1::uuid AND NOT ("id" = ANY($3::text[]))
        AND ("tokenSealed" NOT LIKE $2 OR "headersSealed" NOT LIKE $2) LIMIT ${batch}`,
    accountId,
    likeInUse(keyFor("sealed-box")),
    [...work.unreadable],
  );
  const made = work.each(rows, instanceAgain);
  // The account is held, so nobody has changed them meanwhile.
  await tx.$executeRawUnsafe(
    `UPDATE "Instance" i SET "tokenDigest" = decode(m.digest, 'hex'), "tokenSealed" = m.token,
            "headersSealed" = m.headers
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS m(id, digest, token, headers)
      WHERE i."id" = m.id`,
    made.map(({ id }) => id),
    made.map(({ digest }) => digest),
    made.map(({ token }) => token),
    made.map(({ headers }) => headers),
  );
  work.note("instances", made.length);
  return rows.length;
}

async function resealServices(tx: Transaction, accountId: string, work: Resealer): Promise<number> {
  const rows = await tx.$queryRawUnsafe<{ id: string; headersSealed: string }[]>(
    `SELECT "id"::text, "headersSealed" FROM "Service"
      WHERE "accountId" = $1::uuid AND NOT ("id"::text = ANY($3::text[])) AND "headersSealed" NOT LIKE $2
      LIMIT ${batch}`,
    accountId,
    likeInUse(keyFor("sealed-box")),
    [...work.unreadable],
  );
  const made = work.each(rows, ({ id, headersSealed }) => ({
    id,
    headers: again(headersSealed, boxContext.headers(`service:${id}`)),
  }));
  for (const { id, headers } of made)
    await tx.$executeRaw`UPDATE "Service" SET "headersSealed" = ${headers} WHERE "id" = ${id}::uuid`;
  work.note("services", made.length);
  return rows.length;
}

/** Gates read the policies of an account anew when its epoch is raised; until then both digests count for them. */
function resealAccount(accountId: string, work: Resealer): Promise<number> {
  return inAccountTransaction(accountId, async (tx) => {
    const before = work.done;
    const found = (await resealInstances(tx, accountId, work)) + (await resealServices(tx, accountId, work));
    if (work.done > before) await raiseEpoch(tx, accountId);
    return found;
  });
}

async function resealAccounts(work: Resealer): Promise<void> {
  const { rows } = await pool().query<{ accountId: string }>(
    `SELECT "accountId" FROM "Instance" WHERE "tokenSealed" NOT LIKE $1 OR "headersSealed" NOT LIKE $1
      UNION SELECT "accountId" FROM "Service" WHERE "headersSealed" NOT LIKE $1`,
    [likeInUse(keyFor("sealed-box"))],
  );
  for (const { accountId } of rows) while ((await resealAccount(accountId, work)) > 0);
}

/** Boxes of a table that belong to no account: each is replaced unless it was changed or is gone meanwhile. */
async function resealBoxes<Row extends { readonly id: string; readonly box: string }>(
  work: Resealer,
  kind: "seeds" | "mails",
  { table, column, columns, key }: { table: string; column: string; columns: string; key: Buffer },
  make: (row: Row) => string,
): Promise<void> {
  for (;;) {
    const { rows } = await pool().query<Row>(
      `SELECT "id"::text, "${column}" AS box${columns} FROM "${table}"
        WHERE "${column}" NOT LIKE $1 AND NOT ("id"::text = ANY($2::text[])) LIMIT ${batch}`,
      [likeInUse(key), [...work.unreadable]],
    );
    if (rows.length === 0) return;
    const made = work.each(rows, (row) => ({ id: row.id, before: row.box, after: make(row) }));
    await pool().query(
      `UPDATE "${table}" t SET "${column}" = m.after
         FROM unnest($1::uuid[], $2::text[], $3::text[]) AS m(id, before, after)
        WHERE t."id" = m.id AND t."${column}" = m.before`,
      [made.map(({ id }) => id), made.map(({ before }) => before), made.map(({ after }) => after)],
    );
    work.note(kind, made.length);
  }
}

/**
 * Puts everything that is kept sealed under the secret in use, and digests of what is: batch by batch, so that it can be
 * cut off at any moment and begun again.
 *
 * @param progress how many values were done so far
 */
export async function resealAll(progress: (done: number) => void): Promise<Resealed> {
  const work = new Resealer(progress);
  await resealAccounts(work);
  await resealBoxes<{ id: string; box: string }>(
    work,
    "seeds",
    { table: "Totp", column: "seedSealed", columns: "", key: keyFor("totp-seed") },
    ({ id, box }) => {
      const context = boxContext.totpSeed(id);
      return seal(unseal(box, context, "totp-seed"), context, "totp-seed");
    },
  );
  await resealBoxes<{ id: string; box: string; kind: "mail"; topic: string }>(
    work,
    "mails",
    { table: "Outbox", column: "sealed", columns: `, "kind", "topic"`, key: keyFor("sealed-box") },
    (row) => seal(unseal(row.box, outboxContext(row)), outboxContext(row)),
  );
  return { ...work.counts, unreadable: work.unreadable.size };
}
