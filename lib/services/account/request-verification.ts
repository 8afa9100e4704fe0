import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { authorize } from "../authorize";
import { changeSelf } from "../change-self";
import { sendsMail } from "../mail/queue";
import { limitMail } from "../session/login-limit";
import { sendMailLink } from "./mail-links";

/**
 * Sends the actor a link that confirms their address. Nothing is sent to an address that is confirmed.
 *
 * @throws Refusal `mail_off`, or `limited` (with retryAfter)
 */
export async function requestVerification(actor: Actor): Promise<void> {
  authorize(actor, "self.change");
  if (!sendsMail()) throw new Refusal("mail_off");
  await limitMail("verify", actor.userId);
  await changeSelf(actor, async (tx) => {
    const user = await tx.user.findUniqueOrThrow({ where: { id: actor.userId } });
    if (!user.emailVerifiedAt) {
      await sendMailLink(tx, "verify_address", { userId: user.id, email: user.email }, {});
    }
    return { result: undefined, event: null };
  });
}
