import { db } from "@/lib/db/client";
import { inTransaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { verifyPassword } from "../account/password-hash";
import { appendAudit } from "../audit/append";
import { parse } from "../parse";
import { couldBePassword, credentialsSchema, evenly } from "./credentials";
import { forgetEndedSessions } from "./forget-ended";
import { limitLogin, settleLogin } from "./login-limit";
import { newSession, type SignedIn } from "./new-session";

/** NUL is the one character PostgreSQL cannot look for. */
async function findMember(email: string) {
  return db.user.findUnique({
    where: { email: email.replaceAll("\0", "") },
    select: {
      id: true,
      email: true,
      passwordHash: true,
      memberships: { select: { accountId: true }, orderBy: { createdAt: "asc" }, take: 1 },
    },
  });
}

/**
 * Signs in with e-mail address and password, into the user's oldest account. An unknown address and a wrong
 * password get the same answer after the same time.
 *
 * @throws Refusal `bad_credentials`, `limited` (with retryAfter), or `invalid` for an empty field
 */
export async function signIn(input: { email: string; password: string }, origin: Origin): Promise<SignedIn> {
  const { email, password } = parse(credentialsSchema, input);
  await limitLogin(email, origin.address);
  const user = await findMember(email);
  const usable = couldBePassword(password);
  const right = await verifyPassword(user?.passwordHash, usable ? password : "");
  const accountId = user?.memberships[0]?.accountId;
  const event = { ...origin, actorLabel: user?.email ?? "", targetType: "session" } as const;
  if (!user || !accountId || !right) {
    await evenly(async () => {
      if (!accountId) return;
      await inTransaction((tx) =>
        appendAudit(tx, { ...event, accountId, action: "session.sign_in_failed", actorUserId: null }),
      );
    });
    throw new Refusal("bad_credentials");
  }
  const sessionId = await inTransaction(async (tx) => {
    await forgetEndedSessions(tx, user.id);
    const id = await newSession(tx, { userId: user.id, accountId }, origin);
    const action = "session.signed_in";
    await appendAudit(tx, { ...event, accountId, action, actorUserId: user.id, targetId: id });
    return id;
  });
  await settleLogin(email, origin.address);
  return { userId: user.id, sessionId };
}
