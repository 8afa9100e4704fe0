import { z } from "zod";
import type { Origin } from "@/lib/domain/actor";
import { deviceKey } from "@/lib/domain/device";
import { changePerson } from "../change-self";
import { parse } from "../parse";
import { limitLinks, vouchByMailbox } from "../session/login-limit";
import { dropPlanted } from "./drop-planted";
import { ownerOfLink, useUpLink } from "./mail-links";
import { hashPassword } from "./password-hash";
import { newPasswordSchema } from "./password-schema";
import { requireStrongReplacement } from "./require-strong-password";
import { setPassword } from "./set-password";

const schema = z.object({ token: z.string(), password: newPasswordSchema });

/**
 * Sets a new password with a link sent by mail and ends every session of the user. It signs nobody in: a second
 * step stays as it is, except where the address was never confirmed. Then whoever registered it may have been somebody
 * else, and what they set up ends. A password that is refused leaves the link as it was.
 *
 * @throws Refusal `link_invalid`, `limited` (with retryAfter), or `invalid` (password)
 */
export async function resetPassword(
  input: { token: string; password: string },
  origin: Origin,
): Promise<void> {
  const { token, password } = parse(schema, input);
  await limitLinks(origin.address);
  // Before hashing, so that an invented link costs nothing; used up for good in the transaction.
  const owner = await ownerOfLink("reset_password", token);
  await requireStrongReplacement(password, owner);
  const passwordHash = await hashPassword(password);
  await changePerson({ ...owner, ...origin }, async (tx) => {
    await useUpLink(tx, "reset_password", token);
    await setPassword(tx, owner, passwordHash, origin);
    // Who opened the link reads the mail of this address.
    const first = await tx.user.updateMany({
      where: { id: owner.userId, emailVerifiedAt: null },
      data: { emailVerifiedAt: new Date() },
    });
    const dropped = first.count > 0 ? await dropPlanted(tx, owner, origin) : 0;
    return {
      result: undefined,
      event: {
        action: "password.reset",
        targetType: "user",
        targetId: owner.userId,
        targetLabel: owner.email,
        details: dropped > 0 ? { by: "first_proof", count: dropped } : {},
      },
    };
  });
  await vouchByMailbox(owner.userId, deviceKey(origin));
}
