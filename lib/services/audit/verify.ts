import { z } from "zod";
import { auditKey } from "@/lib/crypto/audit-key";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { type HashedEvent, lineOf } from "@/lib/domain/audit-chain";
import type { AuditKey } from "@/lib/domain/audit-checkpoint";
import type { AuditBreach } from "@/lib/domain/audit-line";
import { AuditVerification } from "@/lib/domain/audit-verification";
import { authorize } from "../authorize";
import { auditWhere } from "./list";

/** The key that checkpoints are checked with. Anyone may have it. */
export function publicAuditKey(): AuditKey {
  return auditKey();
}

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

/** What became of looking through the stored chain. */
type StoredChainCheck =
  | { readonly whole: true; readonly events: number }
  | { readonly whole: false; readonly breach: AuditBreach };

/** For so long an answer is given again, in milliseconds: looking reads the whole trail, and pages refresh. */
const answerLastsMs = 10_000;

interface Look {
  readonly check: Promise<StoredChainCheck>;
  /** null while it goes on. */
  endedAt: number | null;
}

/** The last look at each account's trail. */
const looks = new Map<string, Look>();

/**
 * Looks through all stored events of the account: every one has to give its hash and to follow from the one
 * before, up to the one that the account's row names as the newest. Reads them all, so there is one look at a
 * time for each account, and whoever asks during it or within ten seconds gets its answer.
 *
 * @throws Refusal `forbidden`
 */
export async function verifyStoredChain(actor: Actor, now = Date.now()): Promise<StoredChainCheck> {
  authorize(actor, "audit.read");
  for (const [id, { endedAt }] of looks) {
    if (endedAt !== null && now - endedAt >= answerLastsMs) looks.delete(id);
  }
  const { accountId } = actor;
  const last = looks.get(accountId);
  if (last) return last.check;
  const look: Look = { check: lookThrough(accountId), endedAt: null };
  looks.set(accountId, look);
  look.check.then(
    () => {
      look.endedAt = Date.now();
    },
    () => looks.delete(accountId),
  );
  return look.check;
}

async function lookThrough(accountId: string): Promise<StoredChainCheck> {
  const head = await readHead(accountId);
  const verification = new AuditVerification({
    kept: { account: accountId, seq: Number(head.seq), hash: head.hash },
  });
  for await (const events of storedChain(head, auditWhere(accountId, {}, "UTC"))) {
    for (const event of events) verification.take(lineOf(event));
  }
  const verdict = verification.end();
  return verdict.result === "broken"
    ? { whole: false, breach: verdict.breach }
    : { whole: true, events: Number(head.seq) };
}

/** The columns a chained event is made from. */
export const chainColumns = {
  accountId: true,
  seq: true,
  at: true,
  action: true,
  actorLabel: true,
  actorUserId: true,
  targetType: true,
  targetId: true,
  targetLabel: true,
  address: true,
  userAgent: true,
  details: true,
  prevHash: true,
  hash: true,
} as const;

const text = z.string();

/** Only what the form needs: what the words mean is not asked, so that events of any version can be read. */
const stored = z
  .object({
    accountId: text,
    seq: z.bigint(),
    at: z.date(),
    action: text,
    actorLabel: text,
    actorUserId: text.nullable(),
    targetType: text.nullable(),
    targetId: text.nullable(),
    targetLabel: text.nullable(),
    address: text,
    userAgent: text,
    details: z.record(text, z.union([text, z.number(), z.boolean(), z.null()])),
    prevHash: text,
    hash: text,
  })
  .transform(
    (row): HashedEvent => ({
      type: "event",
      v: 1,
      account: row.accountId,
      seq: Number(row.seq),
      at: row.at.toISOString(),
      action: row.action,
      actor: row.actorLabel,
      actorId: row.actorUserId,
      targetType: row.targetType,
      targetId: row.targetId,
      target: row.targetLabel,
      address: row.address,
      userAgent: row.userAgent,
      details: row.details,
      prevHash: row.prevHash,
      hash: row.hash,
    }),
  );

/** A stored row in the form that is hashed and exported. */
export function toChainedEvent(row: unknown): HashedEvent {
  return stored.parse(row);
}
