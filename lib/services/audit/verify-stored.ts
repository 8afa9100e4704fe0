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

/**
 * Looks through all stored events of the account: every one has to give its hash and to follow from the one
 * before, up to the one that the account's row names as the newest. Reads them all.
 *
 * @throws Refusal `forbidden`
 */
export async function verifyStoredChain(actor: Actor): Promise<StoredChainCheck> {
  authorize(actor, "audit.read");
  const { accountId } = actor;
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
