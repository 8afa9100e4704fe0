import type { AddressMode } from "@/lib/domain/address-mode";
import type { AddressRuleView } from "@/lib/domain/address-view";
import type { Enforcement } from "@/lib/domain/enforcement";
import type { RejectedLately } from "@/lib/domain/rejection";
import { hourMs } from "@/lib/domain/traffic";
import { queryPrepared } from "./pool";
import { readTogether } from "./read-together";
import type { Transaction } from "./transaction";

/** A token of an account, without its digest. */
interface TokenFacts {
  readonly id: string;
  readonly state: "current" | "retiring" | "retired";
  readonly lastFour: string;
  readonly createdAt: Date;
  /** When it stops, or stopped, being accepted; null: it is accepted. */
  readonly retireAt: Date | null;
}

/** What an account's security settings say at one moment; callers and traffic apart. */
export interface AccountFacts {
  /** What counts: where the time of known callers is over, it is on. */
  readonly enforcement: Enforcement;
  /** While known callers only get in without the token: since when and until when. */
  readonly graceSince: Date | null;
  readonly graceUntil: Date | null;
  readonly addressMode: AddressMode;
  /** The last change that may have rejected callers which worked. */
  readonly activatedAt: Date | null;
  /** Since when the token is armed, and by whom (e-mail address); null unless it is. */
  readonly armedAt: Date | null;
  readonly armedBy: string | null;
  readonly holdSeconds: number;
  /** When the owners are asked whether to go on waiting; null: never. */
  readonly askAt: Date | null;
  /** Whether a decision was altered within a day: confirmations of gates are kept a little longer. */
  readonly alteredLately: boolean;
  /** Those that are or may be live, then those that ended, the latest first. */
  readonly tokens: readonly TokenFacts[];
  /** How many instances have their own switch on, and how many off. */
  readonly instances: readonly { readonly enforced: boolean; readonly count: number }[];
  readonly pausedInstances: number;
  /** A few of the instances, newest first. */
  readonly newest: readonly {
    readonly id: string;
    readonly calledId: string;
    readonly name: string;
    readonly upstreamUrl: string | null;
  }[];
  /** The list of addresses, newest first. */
  readonly rules: readonly AddressRuleView[];
  readonly rejected: RejectedLately;
}

/** Tokens that ended, as far back as they are looked at; and instances that are named. */
const mostEnded = 50;
const named = 5;

const ms = (column: string) => `extract(epoch FROM ${column}) * 1000`;
const listOf = (rows: string) => `(SELECT coalesce(json_agg(r), '[]') FROM (${rows}) r)`;
const token = `"id", "state", "lastFour", ${ms(`"createdAt"`)} AS "createdAt", ${ms(`"retireAt"`)} AS "retireAt"`;

const statement = `
  SELECT CASE WHEN a."enforcement" <> 'grace' OR a."graceUntil" > now() THEN a."enforcement" ELSE 'on' END::text
           AS "enforcement", a."graceSince", a."graceUntil", a."addressMode"::text, a."activatedAt",
         a."armedAt", a."armedBy", a."holdSeconds", a."askAt",
         coalesce(a."epochAt" > now() - interval '24 hours', false) AS "alteredLately",
         ${listOf(`
           (SELECT ${token} FROM "ClientToken" WHERE "accountId" = a."id" AND "state" <> 'retired')
           UNION ALL
           (SELECT ${token} FROM "ClientToken"
             WHERE "accountId" = a."id" AND "state" = 'retired' AND "retireAt" IS NOT NULL
             ORDER BY "ClientToken"."retireAt" DESC LIMIT ${mostEnded})`)} AS "tokens",
         ${listOf(`
           SELECT "enforced", count(*)::int AS "count"
             FROM "Instance" WHERE "accountId" = a."id" GROUP BY 1`)} AS "instances",
         (SELECT count(*)::int FROM "Instance"
           WHERE "accountId" = a."id" AND "pausedAt" IS NOT NULL) AS "pausedInstances",
         ${listOf(`
           SELECT "id", coalesce("givenId", "id") AS "calledId", "name", "upstreamUrl" FROM "Instance" WHERE "accountId" = a."id"
            ORDER BY "createdAt" DESC, "id" LIMIT ${named}`)} AS "newest",
         ${listOf(`
           SELECT "id", "cidr", "note", ${ms(`"createdAt"`)} AS "createdAt" FROM "AddressRule"
            WHERE "accountId" = a."id" ORDER BY "AddressRule"."createdAt" DESC, "id" DESC`)} AS "rules",
         (SELECT json_build_object('callers', count(*) FILTER (WHERE NOT "others"),
                                   'others', coalesce(bool_or("others"), false))
            FROM "Caller"
           WHERE "accountId" = a."id" AND "rejectedAt" > $2::timestamptz
             AND ("dismissedAt" IS NULL OR "lastSeenAt" > "dismissedAt")) AS "rejected"
    FROM "Account" a WHERE a."id" = $1::uuid`;

/** JSON has no dates: they come as milliseconds. */
const dateOf = (value: Date | number) => new Date(value);

async function read(accountId: string, tx: Transaction | null): Promise<AccountFacts> {
  const values = [accountId, new Date(Date.now() - hourMs)];
  const [row] = tx
    ? await tx.$queryRawUnsafe<AccountFacts[]>(statement, ...values)
    : await queryPrepared<AccountFacts>("account-facts", statement, values);
  if (!row) throw new Error("the account is gone");
  const { tokens, rules } = row;
  return {
    ...row,
    tokens: tokens.map(({ createdAt, retireAt, ...rest }) => ({
      ...rest,
      createdAt: dateOf(createdAt),
      retireAt: retireAt && dateOf(retireAt),
    })),
    rules: rules.map(({ createdAt, ...rest }) => ({ ...rest, createdAt: dateOf(createdAt) })),
  };
}

const readShared = readTogether((accountId) => read(accountId, null));

/**
 * What an account's security settings say, in one statement: of one moment, whoever shows which part of it. Says nothing
 * about who may know.
 *
 * @param tx where to read; null: on any connection, together with whoever asks at the same time
 */
export function readAccountFacts(accountId: string, tx: Transaction | null = null): Promise<AccountFacts> {
  return tx ? read(accountId, tx) : readShared(accountId);
}

/** True of the account that was made when there was none on this server. */
export async function isFirstAccount(accountId: string): Promise<boolean> {
  const rows = await queryPrepared<{ first: boolean }>(
    "first-account",
    `SELECT "isFirst" AS first FROM "Account" WHERE "id" = $1`,
    [accountId],
  );
  return rows[0]?.first === true;
}
