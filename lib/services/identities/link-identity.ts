import { isUniqueViolation } from "@/lib/db/unique-violation";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { authorize } from "../authorize";
import { changeSelf } from "../change-self";
import { queueNotice } from "../mail/queue-notice";
import { requireProof } from "../session/require-proof";
import { spendLink } from "./pending-link";
import { providerOf } from "./provider-of";

/**
 * Links the sign-in at a provider that waits under this secret to the actor, who has just signed in by other
 * means. Works once, and only for the one whose address the provider had verified.
 *
 * @param secret the secret of the browser's cookie
 * @throws Refusal `forbidden`, `proof_required`, `link_over` when nothing waits for this person, or `link_taken`
 *   when the sign-in was linked to someone meanwhile
 */
export async function linkIdentity(actor: Actor, secret: string): Promise<void> {
  authorize(actor, "self.change");
  requireProof(actor);
  try {
    await changeSelf(actor, async (tx) => {
      const link = await spendLink(tx, secret, actor.userId);
      if (!link) throw new Refusal("link_over");
      const { userId, issuer, subject, email } = link;
      await tx.identity.create({ data: { userId, issuer, subject, email } });
      await queueNotice(tx, "second_factor_added", actor.email, { factor: "provider" }, actor);
      return {
        result: undefined,
        event: {
          action: "identity.linked",
          targetType: "user",
          targetLabel: email,
          details: { to: providerOf(issuer) },
        },
      };
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw new Refusal("link_taken");
    throw error;
  }
}
