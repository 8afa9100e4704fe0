import { z } from "zod";
import { isUniqueViolation } from "@/lib/db/unique-violation";
import { Refusal } from "@/lib/domain/errors";
import { changePerson } from "../change-self";
import { queueNotice } from "../mail/queue-notice";
import { parse } from "../parse";
import { limitLinks } from "../session/login-limit";
import { type LinkOpener, ownLink, useUpLink } from "./mail-links";

const schema = z.object({ token: z.string() });

/**
 * Changes a user's address to the one that a link was sent to, and ends every link that was sent to the old one.
 * Only for the user who asked for it, signed in: whoever reads that mailbox must not lend its address to a stranger.
 * Sessions and linked sign-ins stay as they are.
 *
 * @param opener where the link was opened, and who is signed in there, if somebody is
 * @throws Refusal `link_signed_out` when that user is not signed in here, `link_invalid`, also when the address became somebody else's meanwhile; `limited` (with
 *   retryAfter)
 */
export async function changeAddress(input: { token: string }, opener: LinkOpener): Promise<void> {
  const { token } = parse(schema, input);
  await limitLinks(opener.address);
  const { userId, email: from, sentTo: to } = await ownLink("change_address", token, opener);
  const origin = { address: opener.address, userAgent: opener.userAgent };
  try {
    await changePerson({ ...origin, userId, email: from }, async (tx) => {
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
