import { z } from "zod";
import { isUniqueViolation } from "@/lib/db/unique-violation";
import type { Origin } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { changePerson } from "../change-self";
import { queueNotice } from "../mail/queue-notice";
import { parse } from "../parse";
import { limitLinks } from "../session/login-limit";
import { ownerOfLink, useUpLink } from "./mail-links";

const schema = z.object({ token: z.string() });

/**
 * Changes a user's address to the one that a link was sent to, and ends every link that was sent to the old one.
 * Needs nobody signed in, and signs nobody in: sessions and linked sign-ins stay as they are.
 *
 * @throws Refusal `link_invalid`, also when the address became somebody else's meanwhile; `limited` (with
 *   retryAfter)
 */
export async function changeAddress(input: { token: string }, origin: Origin): Promise<void> {
  const { token } = parse(schema, input);
  await limitLinks(origin.address);
  const { userId, email: from, sentTo: to } = await ownerOfLink("change_address", token);
  try {
    await changePerson({ userId, email: from, ...origin }, async (tx) => {
      await useUpLink(tx, "change_address", token);
      await tx.user.update({ where: { id: userId }, data: { email: to, emailVerifiedAt: new Date() } });
      await tx.mailLink.deleteMany({ where: { userId } });
      // A provider's word for the old address leads to nobody any more.
      await tx.pendingLink.deleteMany({ where: { userId } });
      await queueNotice(tx, "address_changed", from, { to }, origin);
      return {
        result: undefined,
        event: {
          action: "email.changed",
          targetType: "user",
          targetId: userId,
          targetLabel: to,
          details: { from, to },
        },
      };
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw new Refusal("link_invalid");
    throw error;
  }
}
