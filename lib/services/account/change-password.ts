import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { invalidField, Refusal } from "@/lib/domain/errors";
import { authorize } from "../authorize";
import { changeSelf } from "../change-self";
import { parse } from "../parse";
import { couldBePassword, credentialsSchema } from "../session/credentials";
import { limitProof, settleProof } from "../session/login-limit";
import { recordWrongPassword } from "../session/mark-proven";
import { hashPassword, verifyPassword } from "./password-hash";
import { newPasswordSchema } from "./password-schema";
import { requireStrongReplacement } from "./require-strong-password";
import { setPassword } from "./set-password";

const schema = z.object({ current: credentialsSchema.shape.password, password: newPasswordSchema });

/**
 * Replaces the actor's password and ends their other sessions. The current one is always asked for, however
 * fresh the last proof is: a browser left open must not become somebody else's. Tries count with the session's
 * proofs.
 *
 * @throws Refusal `limited` (with retryAfter), or `invalid` (current: required, password_wrong; password)
 */
export async function changePassword(
  actor: Actor,
  input: { current: string; password: string },
): Promise<void> {
  authorize(actor, "self.change");
  const { current, password } = parse(schema, input);
  await limitProof(actor.sessionId, "password");
  const user = await db.user.findUniqueOrThrow({ where: { id: actor.userId } });
  const right = await verifyPassword(user.passwordHash, couldBePassword(current) ? current : "");
  if (!right) {
    await recordWrongPassword(actor);
    throw invalidField("current", "password_wrong");
  }
  await settleProof(actor.sessionId);
  await requireStrongReplacement(password, actor);
  const passwordHash = await hashPassword(password);
  await changeSelf(actor, async (tx) => {
    // Of two changes at once the second one no longer knows the password.
    const unchanged = await tx.user.count({ where: { id: user.id, passwordHash: user.passwordHash } });
    if (unchanged === 0) throw new Refusal("conflict");
    await setPassword(tx, actor, passwordHash, actor, actor.sessionId);
    return {
      result: undefined,
      event: {
        action: "password.changed",
        targetType: "user",
        targetId: actor.userId,
        targetLabel: actor.email,
      },
    };
  });
}
