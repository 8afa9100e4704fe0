import { z } from "zod";
import { changePerson } from "../change-self";
import { parse } from "../parse";
import { limitLinks } from "../session/login-limit";
import { type LinkOpener, ownLink, useUpLink } from "./mail-links";

const schema = z.object({ token: z.string() });

/**
 * Confirms the address that a link was sent to. Only for the very user whose address it is, signed in: somebody who
 * finds the link in a mailbox must not confirm what a stranger registered with its address.
 *
 * @param opener where the link was opened, and who is signed in there, if somebody is
 * @throws Refusal `link_invalid`, `link_signed_out` when that user is not signed in here, or `limited` (with retryAfter)
 */
export async function verifyAddress(input: { token: string }, opener: LinkOpener): Promise<void> {
  const { token } = parse(schema, input);
  await limitLinks(opener.address);
  const owner = await ownLink("verify_address", token, opener);
  await changePerson({ ...opener, ...owner }, async (tx) => {
    await useUpLink(tx, "verify_address", token);
    await tx.user.update({ where: { id: owner.userId }, data: { emailVerifiedAt: new Date() } });
    return {
      result: undefined,
      event: {
        action: "email.verified",
        targetType: "user",
        targetId: owner.userId,
        targetLabel: owner.email,
      },
    };
  });
}
