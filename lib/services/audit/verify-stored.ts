import type { Actor } from "@/lib/domain/actor";
import { lineOf } from "@/lib/domain/audit-chain";
import type { AuditBreach } from "@/lib/domain/audit-line";
import { AuditVerification } from "@/lib/domain/audit-verification";
import { authorize } from "../authorize";
import { readHead, storedChain } from "./stored-chain";
import { auditWhere } from "./where";

/** What became of looking through the stored chain. */
export type StoredChainCheck =
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
