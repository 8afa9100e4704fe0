import { readGateReports } from "@/lib/db/gate-confirmations";
import type { Actor } from "@/lib/domain/actor";
import { type Confirmation, confirmationOf } from "@/lib/domain/confirmation";
import { authorize } from "../authorize";

/** Receipts are kept a little longer than this. */
const shownForMs = 24 * 3_600_000;

/**
 * Which gates have applied the account's newest change of decisions; null when there was none in a day.
 *
 * @throws Refusal `forbidden`
 */
export async function readConfirmation(actor: Actor): Promise<Confirmation | null> {
  authorize(actor, "token.read");
  const reports = await readGateReports(actor.accountId);
  if (!reports || reports.now.getTime() - reports.changedAt.getTime() > shownForMs) return null;
  return confirmationOf(reports);
}
