import { db } from "@/lib/db/client";
import { inTransaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { appendAudit } from "../audit/append";
import { signInAccount } from "./complete-sign-in";
import { evenly } from "./credentials";
import { isNewsOfLimit } from "./login-limit";

/**
 * Tells the trail of the user's account that a limit stopped a sign-in, once in a quarter of an hour, so that
 * nobody can flood it. An unknown address takes as long.
 *
 * @param error what the limit threw
 * @throws the same again
 */
export async function recordLimited(error: unknown, email: string, origin: Origin): Promise<never> {
  if (error instanceof Refusal && error.code === "limited") await evenly(() => record(email, origin));
  throw error;
}

async function record(email: string, origin: Origin): Promise<void> {
  const where = { email: email.replaceAll("\0", "") };
  const user = await db.user.findUnique({ where, select: { id: true, email: true } });
  if (!user || !(await isNewsOfLimit(user.id))) return;
  await inTransaction(async (tx) => {
    const accountId = await signInAccount(tx, user.id);
    if (!accountId) return;
    await appendAudit(tx, {
      ...origin,
      accountId,
      actorUserId: null,
      actorLabel: user.email,
      action: "session.sign_in_limited",
      targetType: "session",
    });
  });
}
