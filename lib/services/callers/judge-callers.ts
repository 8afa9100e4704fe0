import { type CallerRow, readCallers } from "@/lib/db/callers";
import { db } from "@/lib/db/client";
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

/** The tokens that are or may be live, and those that ended last. */
async function readTokens(accountId: string) {
  const select = { id: true, state: true, createdAt: true, retireAt: true } as const;
  const [live, ended] = await Promise.all([
    db.clientToken.findMany({ where: { accountId, state: { not: "retired" } }, select }),
    db.clientToken.findMany({
      where: { accountId, state: "retired", retireAt: { not: null } },
      orderBy: { retireAt: "desc" },
      take: mostEnded,
      select,
    }),
  ]);
  return [...live, ...ended];
}

/** Judges every caller of an account; null while it has no token. Says nothing about who may see it. */
export async function judgeCallers(accountId: string, now: Date): Promise<JudgedCallers | null> {
  const [tokens, account, callers] = await Promise.all([
    readTokens(accountId),
    db.account.findUniqueOrThrow({ where: { id: accountId }, select: { enforcement: true } }),
    readCallers(accountId),
  ]);
  const current = tokens.find(({ state }) => state === "current");
  const spans = tokens.map((token): TokenSpan => ({ ...token, current: token === current }));
  const evidence = evidenceOf(spans, now);
  if (!current || !evidence) return null;
  const { enforcement } = account;
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
