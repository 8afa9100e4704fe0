import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { invalidField, Refusal } from "@/lib/domain/errors";
import { verifyPassword } from "../account/password-hash";
import { authorize } from "../authorize";
import { change } from "../change";
import { parse } from "../parse";
import { couldBePassword, credentialsSchema } from "./credentials";
import { limitLogin, settleLogin } from "./login-limit";

const schema = z.object({ password: credentialsSchema.shape.password });

/**
 * Proves again who acts, by the password, so that what can hurt may be done for some minutes. Tries count with
 * those of sign-in: a stolen session is no way around its limits.
 *
 * @throws Refusal `limited` (with retryAfter), or `invalid` (password: required, password_wrong)
 */
export async function prove(actor: Actor, input: { password: string }): Promise<void> {
  authorize(actor, "self.change");
  const { password } = parse(schema, input);
  await limitLogin(actor.email, actor.address);
  const user = await db.user.findUnique({ where: { id: actor.userId }, select: { passwordHash: true } });
  const usable = couldBePassword(password);
  if (!(await verifyPassword(user?.passwordHash, usable ? password : ""))) {
    throw invalidField("password", "password_wrong");
  }
  await change(actor, "self.change", async ({ tx }) => {
    const { count } = await tx.session.updateMany({
      where: { id: actor.sessionId, accountId: actor.accountId, revokedAt: null },
      data: { provenAt: new Date() },
    });
    if (count === 0) throw new Refusal("unauthenticated");
    return {
      result: undefined,
      event: { action: "session.proved", targetType: "session", targetId: actor.sessionId },
      altersDecision: false,
    };
  });
  await settleLogin(actor.email, actor.address);
}
