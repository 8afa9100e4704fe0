import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { invalidField, Refusal } from "@/lib/domain/errors";
import { authorize } from "../authorize";
import { changeSelf } from "../change-self";
import { queueMail, sendsMail } from "../mail/queue";
import { queueNotice } from "../mail/queue-notice";
import { parse } from "../parse";
import { limitLinks, limitMail } from "../session/login-limit";
import { requireProof } from "../session/require-proof";
import { emailSchema } from "./email";
import { issueMailLink, sendMailLink } from "./mail-links";

const schema = z.object({ email: emailSchema });

/**
 * Asks to sign in with another address from now on. Nothing changes until the link that goes to that address is
 * opened; the old address is told. An address of somebody else is answered as a free one is, and looks the same
 * afterwards: its holder is told instead, and no link exists that could take it.
 *
 * @throws Refusal `forbidden`, `proof_required`, `mail_off`, `limited` (with retryAfter), or `invalid` (email)
 */
export async function requestAddressChange(actor: Actor, input: { email: string }): Promise<void> {
  authorize(actor, "self.change");
  requireProof(actor);
  const { email } = parse(schema, input);
  if (!sendsMail()) throw new Refusal("mail_off");
  if (email === actor.email) throw invalidField("email", "email_same");
  await limitLinks(actor.address);
  // For both who get mail by it; counted for addresses with and without a user.
  await limitMail("change", actor.userId);
  await limitMail("change_to", email);
  await changeSelf(actor, async (tx) => {
    const { userId, email: from } = actor;
    const taken = await tx.user.findUnique({ where: { email }, select: { id: true } });
    if (taken) {
      await issueMailLink(tx, "change_address", { userId, email });
      await queueMail(tx, { to: email, template: "address_wanted", params: {} });
    } else {
      await sendMailLink(tx, "change_address", { userId, email }, { from });
    }
    await queueNotice(tx, "address_change_requested", from, { to: email }, actor);
    return {
      result: undefined,
      event: {
        action: "email.change_requested",
        targetType: "user",
        targetId: userId,
        targetLabel: from,
        details: { to: email },
      },
    };
  });
}
