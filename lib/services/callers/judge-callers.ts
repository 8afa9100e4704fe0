import { type CallerRow, readCallers } from "@/lib/db/callers";
import { db } from "@/lib/db/client";
import { covers, type Enforcement } from "@/lib/domain/enforcement";
import { evidenceSince, type Judged, judge, type TokenSpan } from "@/lib/domain/preflight";

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

/** The tokens that are or may be live, and the one that ended last. */
async function readTokens(accountId: string) {
  const select = { id: true, state: true, createdAt: true, retireAt: true } as const;
  const [live, ended] = await Promise.all([
    db.clientToken.findMany({ where: { accountId, state: { not: "retired" } }, select }),
    db.clientToken.findFirst({
      where: { accountId, state: "retired" },
      orderBy: { retireAt: { sort: "desc", nulls: "last" } },
      select,
    }),
  ]);
  return ended?.retireAt ? [...live, ended] : live;
}

/** Judges every caller of an account; null while it has no token. Says nothing about who may see it. */
export async function judgeCallers(accountId: string, now: Date): Promise<JudgedCallers | null> {
  const [tokens, account, callers] = await Promise.all([
    readTokens(accountId),
    db.account.findUniqueOrThrow({ where: { id: accountId }, select: { enforcement: true } }),
    readCallers(accountId, now),
  ]);
  const current = tokens.find(({ state }) => state === "current");
  const spans = tokens.map((token): TokenSpan => ({ ...token, current: token === current }));
  const since = evidenceSince(spans, now);
  if (!current || !since) return null;
  const { enforcement } = account;
  const retiring = tokens.find(({ state }) => state === "retiring");
  const rotating = retiring !== undefined && (retiring.retireAt === null || retiring.retireAt > now);
  const rotatedAt = rotating ? current.createdAt : null;
  return { tokenId: current.id, since, rotatedAt, enforcement, judged: judge(callers, since, now) };
}

/** Whether a caller's instance demands the token already. */
export function isCovered({ instanceEnforced }: CallerRow, enforcement: Enforcement): boolean {
  return covers(enforcement, instanceEnforced);
}
