import { db } from "@/lib/db/client";
import type { HashedEvent } from "@/lib/domain/audit-chain";
import { chainColumns, toChainedEvent } from "./chained-event";
import type { auditWhere } from "./where";

const batchSize = 500;

/** The newest event of a chain, as the account's row names it. */
export interface ChainHead {
  readonly seq: bigint;
  readonly hash: string;
}

/** Where the account's chain ends now. */
export async function readHead(accountId: string): Promise<ChainHead> {
  const { auditSeq, auditHash } = await db.account.findUniqueOrThrow({
    where: { id: accountId },
    select: { auditSeq: true, auditHash: true },
  });
  return { seq: auditSeq, hash: auditHash };
}

/**
 * Events up to a head, oldest first, 500 at a time. Events are only added, and the head was read at once: so
 * this is one consistent view, however slowly it is taken, without a transaction that stays open.
 */
export async function* storedChain(
  head: ChainHead,
  where: ReturnType<typeof auditWhere>,
): AsyncGenerator<readonly HashedEvent[]> {
  for (let seq = 0n; ; ) {
    const rows = await db.auditEvent.findMany({
      where: { ...where, seq: { gt: seq, lte: head.seq } },
      orderBy: { seq: "asc" },
      take: batchSize,
      select: chainColumns,
    });
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(toChainedEvent);
    if (rows.length < batchSize) return;
    seq = last.seq;
  }
}
