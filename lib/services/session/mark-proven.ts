import type { Actor } from "@/lib/domain/actor";
import type { AuditDetails } from "@/lib/domain/audit-event";
import { Refusal } from "@/lib/domain/errors";
import type { AuditRecord } from "../audit/append";
import { type Change, change } from "../change";

/** What someone proved with who they are. */
export type ProofWay = "password" | "totp" | "recovery_code" | "passkey";

/** A proof that was given at a provider: by its name, and when. */
export interface ProofElsewhere {
  readonly way: "provider";
  readonly at: Date;
  readonly to: string;
}

/** What was brought to prove it, where it proved nothing. */
export type FailedProof = "password" | "code" | "passkey" | "provider";

/**
 * Notes in the session that its person has just proved who they are, once `check` says with what. It says null
 * for what proves nothing: that goes into the trail instead. Callers count tries before, which bounds the trail.
 *
 * @returns whether it was proved
 * @throws Refusal `unauthenticated` when the session is over
 */
export function markProven(
  actor: Actor,
  brought: FailedProof,
  check: (change: Change) => Promise<ProofWay | ProofElsewhere | null>,
): Promise<boolean> {
  return change(actor, "self.change", async (open) => {
    const by = await check(open);
    if (!by)
      return {
        result: false,
        event: eventOf(actor, "session.proof_failed", { by: brought }),
        altersDecision: false,
      };
    const elsewhere = typeof by === "object";
    const { count } = await open.tx.session.updateMany({
      where: { id: actor.sessionId, accountId: actor.accountId, revokedAt: null },
      data: { provenAt: elsewhere ? by.at : new Date() },
    });
    if (count === 0) throw new Refusal("unauthenticated");
    const details = elsewhere ? { by: by.way, to: by.to } : { by };
    return { result: true, event: eventOf(actor, "session.proved", details), altersDecision: false };
  });
}

/** Puts a wrong password, which needs no transaction to be found out, into the trail. */
export async function recordWrongPassword(actor: Actor): Promise<void> {
  await markProven(actor, "password", async () => null);
}

function eventOf(
  { sessionId }: Actor,
  action: "session.proved" | "session.proof_failed",
  details: AuditDetails,
): AuditRecord {
  return { action, targetType: "session", targetId: sessionId, details };
}
