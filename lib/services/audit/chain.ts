import { z } from "zod";
import { auditKey, signCheckpoint } from "@/lib/crypto/audit-key";
import { db } from "@/lib/db/client";
import { readSecretKeys } from "@/lib/db/secret-keys";
import { type HashedEvent, lineOf } from "@/lib/domain/audit-chain";
import { type AuditKey, auditKeyOf, checkpointLine } from "@/lib/domain/audit-checkpoint";
import { isNarrowed } from "@/lib/domain/audit-filter";
import { csvHead, csvLine } from "@/lib/domain/audit-line";
import { AuditVerification, type ChainCheck } from "@/lib/domain/audit-verification";
import { refuse, timeZoneSchema } from "../parse";
import { changeUseCase, readUseCase } from "../use-case";
import { auditFilterSchema, auditWhere } from "./list";

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

const batchSize = 500;

/** The newest event of a chain, as the account's row names it. */
interface ChainHead {
  readonly account: string;
  readonly seq: bigint;
  readonly hash: string;
}

/** Where the account's chain ends now. */
async function readHead(account: string): Promise<ChainHead> {
  const { auditSeq: seq, auditHash: hash } = await db.account.findUniqueOrThrow({
    where: { id: account },
    select: { auditSeq: true, auditHash: true },
  });
  return { account, seq, hash };
}

/**
 * Events up to a head, oldest first, 500 at a time. Events are only added, and the head was read at once: so
 * this is one consistent view, however slowly it is taken, without a transaction that stays open.
 */
async function* storedChain(
  head: ChainHead,
  where = auditWhere(head.account, {}, "UTC"),
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

/** What checks the events of a chain that has to end at this head. */
function verificationUpTo({ account, seq, hash }: ChainHead): AuditVerification {
  return new AuditVerification({ kept: { account, seq: Number(seq), hash } });
}

/** For so long an answer is given again, in milliseconds: looking reads the whole trail, and pages refresh. */
const answerLastsMs = 10_000;

interface Look {
  readonly check: Promise<ChainCheck>;
  /** null while it goes on. */
  endedAt: number | null;
}

/** The last look at each account's trail. */
const looks = new Map<string, Look>();

/**
 * Looks through all stored events of the account: every one has to give its hash and to follow from the one
 * before, up to the one that the account's row names as the newest. Reads them all, so there is one look at a
 * time for each account, and whoever asks during it or within ten seconds gets its answer.
 */
export const verifyStoredChain = readUseCase({
  permission: "audit.read",
  run: async ({ accountId }): Promise<ChainCheck> => {
    const now = Date.now();
    for (const [id, { endedAt }] of looks) {
      if (endedAt !== null && now - endedAt >= answerLastsMs) looks.delete(id);
    }
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
  },
});

async function lookThrough(accountId: string): Promise<ChainCheck> {
  const head = await readHead(accountId);
  const verification = verificationUpTo(head);
  for await (const events of storedChain(head)) {
    for (const event of events) verification.take(lineOf(event));
  }
  const verdict = verification.end();
  return verdict.result === "broken"
    ? { whole: false, breach: verdict.breach }
    : { whole: true, events: Number(head.seq) };
}

/** The key that checkpoints are signed with now. Anyone may have it. */
export function publicAuditKey(): AuditKey {
  return auditKey();
}

/** The same, and those of secrets that were replaced: exports outlive them. */
export async function publicAuditKeys(): Promise<readonly AuditKey[]> {
  const stored = await readSecretKeys();
  return [auditKey(), ...stored.flatMap(({ auditKey: x }) => (x === null ? [] : auditKeyOf(x)))];
}

/** How an audit trail can be exported. */
const auditFormats = ["jsonl", "csv"] as const;

const exportSchema = z.object({
  format: z.string().transform((text, context) => {
    const format = auditFormats.find((each) => each === text);
    if (!format) refuse(context, "choice_invalid");
    return format ?? "jsonl";
  }),
  /** Narrows CSV only: a chain is exported whole. */
  filter: auditFilterSchema,
  timeZone: timeZoneSchema,
});

/** An export, to be read piece by piece. */
interface AuditExport {
  readonly format: (typeof auditFormats)[number];
  readonly pieces: AsyncIterable<string>;
}

/**
 * Exports the account's audit trail and records that. JSON Lines is the whole chain as it is when the first piece is
 * asked for, this export's own event with it, then a signed checkpoint. A chain that is not whole is exported as it
 * is, and not signed.
 *
 * @throws Refusal `invalid` (format)
 */
export const exportAudit = changeUseCase({
  permission: "audit.export",
  altersDecision: false,
  input: exportSchema,
  run: async ({ account: { id } }, { format, filter, timeZone }) => {
    // Read when somebody pulls, which is after the commit.
    const pieces = format === "csv" ? asCsv(id, auditWhere(id, filter, timeZone)) : asJsonLines(id);
    const result: AuditExport = { format, pieces };
    const details = { format, part: format === "csv" && isNarrowed(filter) };
    return { result, event: { action: "audit.exported", targetType: "audit", details } };
  },
});

async function* asCsv(accountId: string, where: ReturnType<typeof auditWhere>): AsyncGenerator<string> {
  const head = await readHead(accountId);
  yield csvHead();
  for await (const events of storedChain(head, where)) yield events.map(csvLine).join("");
}

async function* asJsonLines(accountId: string): AsyncGenerator<string> {
  const head = await readHead(accountId);
  const verification = verificationUpTo(head);
  for await (const events of storedChain(head)) {
    const lines = events.map(lineOf);
    for (const line of lines) verification.take(line);
    yield lines.map((line) => `${line}\n`).join("");
  }
  const verdict = verification.end();
  // Nothing is vouched for that is seen to be broken.
  if (verdict.result === "broken") return;
  const { account, hash } = head;
  const at = new Date().toISOString();
  yield `${checkpointLine(signCheckpoint({ account, seq: Number(head.seq), hash, at }))}\n`;
}
