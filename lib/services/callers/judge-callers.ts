import { type CallerRow, readCallers } from "@/lib/db/callers";
import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import { covers, type Enforcement } from "@/lib/domain/enforcement";
import { type Judged, judge } from "@/lib/domain/preflight";
import { evidenceOf, type TokenSpan } from "@/lib/domain/preflight-evidence";

/** An account's callers with their verdicts, and what these rest on. */
export interface JudgedCallers {
  /** The current token that they were judged by. */
  readonly tokenId: string;
  readonly since: Date;
  /** When the rotation that is under way began; null without one. */
  readonly rotatedAt: Date | null;
  readonly enforcement: Enforcement;
  readonly judged: readonly Judged<CallerRow>[];
}

/** Tokens that ended, as far back as they are looked at. */
const mostEnded = 50;

/** What verdicts rest on. A transaction has one connection, so there one reading comes after the other. */
async function readFacts(accountId: string, tx: Transaction | null) {
  const { clientToken, account } = tx ?? db;
  const select = { id: true, state: true, createdAt: true, retireAt: true } as const;
  const live = () => clientToken.findMany({ where: { accountId, state: { not: "retired" } }, select });
  const ended = () =>
    clientToken.findMany({
      where: { accountId, state: "retired", retireAt: { not: null } },
      orderBy: { retireAt: "desc" },
      take: mostEnded,
      select,
    });
  const enforcement = () =>
    account.findUniqueOrThrow({ where: { id: accountId }, select: { enforcement: true } });
  const callers = () => readCallers(accountId, tx);
  return tx
    ? ([await live(), await ended(), await enforcement(), await callers()] as const)
    : Promise.all([live(), ended(), enforcement(), callers()]);
}

/**
 * Judges every caller of an account; null while it has no token. Says nothing about who may see it.
 *
 * @param tx a change that depends on the verdicts gives its transaction, which holds the account: then they are of the
 *   moment at which it happens, and no token changes in between
 */
export async function judgeCallers(
  accountId: string,
  now: Date,
  tx: Transaction | null = null,
): Promise<JudgedCallers | null> {
  const [live, ended, { enforcement }, callers] = await readFacts(accountId, tx);
  const tokens = [...live, ...ended];
  const current = tokens.find(({ state }) => state === "current");
  const spans = tokens.map((token): TokenSpan => ({ ...token, current: token === current }));
  const evidence = evidenceOf(spans, now);
  if (!current || !evidence) return null;
  const retiring = tokens.find(({ state }) => state === "retiring");
  const rotating = retiring !== undefined && (retiring.retireAt === null || retiring.retireAt > now);
  const rotatedAt = rotating ? current.createdAt : null;
  const judged = judge(callers, evidence, now);
  return { tokenId: current.id, since: evidence.live, rotatedAt, enforcement, judged };
}

/** Whether a caller's instance demands the token already. */
export function isCovered({ instanceEnforced }: CallerRow, enforcement: Enforcement): boolean {
  return covers(enforcement, instanceEnforced);
}
