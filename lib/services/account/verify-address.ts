import { z } from "zod";
import type { Origin } from "@/lib/domain/actor";
import { changePerson } from "../change-self";
import { parse } from "../parse";
import { limitLinks } from "../session/login-limit";
import { ownerOfLink, useUpLink } from "./mail-links";

const schema = z.object({ token: z.string() });

/**
 * Confirms the address that a link was sent to. Needs nobody signed in: the link may be opened elsewhere.
 *
 * @throws Refusal `link_invalid`, or `limited` (with retryAfter)
 */
export async function verifyAddress(input: { token: string }, origin: Origin): Promise<void> {
  const { token } = parse(schema, input);
  await limitLinks(origin.address);
  const owner = await ownerOfLink("verify_address", token);
  await changePerson({ ...owner, ...origin }, async (tx) => {
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
