import { db } from "@/lib/db/client";
import { inTransaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { verifyPassword } from "../account/password-hash";
import { appendAudit } from "../audit/append";
import { parse } from "../parse";
import { afterFirstStep, type SignInOutcome } from "./complete-sign-in";
import { couldBePassword, credentialsSchema, evenly } from "./credentials";
import { knownDevice } from "./known-device";
import { limitLogin, settleLogin } from "./login-limit";
import { recordLimited } from "./record-limited";

/** Looked for in place of a user that there is not, so that both take the same time. */
const nobody = "00000000-0000-0000-0000-000000000000";

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
 * The first step of a sign-in, with e-mail address and password. Done with it is only who has no second factor;
 * for all others no session exists yet. An unknown address and a wrong password get the same answer after the
 * same time.
 *
 * @throws Refusal `bad_credentials`, `limited` (with retryAfter), or `invalid` for an empty field
 */
export async function signIn(
  input: { email: string; password: string },
  origin: Origin,
): Promise<SignInOutcome> {
  const { email, password } = parse(credentialsSchema, input);
  const user = await findMember(email);
  const device = await knownDevice(user?.id ?? nobody, origin);
  await limitLogin(email, origin.address, device).catch((error) => recordLimited(error, email, origin));
  const usable = couldBePassword(password);
  const right = await verifyPassword(user?.passwordHash, usable ? password : "");
  const accountId = user?.memberships[0]?.accountId;
  if (!user || !right) {
    await evenly(async () => {
      if (!accountId) return;
      await inTransaction((tx) =>
        appendAudit(tx, {
          ...origin,
          accountId,
          action: "session.sign_in_failed",
          actorUserId: null,
          actorLabel: user.email,
          targetType: "session",
        }),
      );
    });
    throw new Refusal("bad_credentials");
  }
  const person = { userId: user.id, email: user.email };
  const outcome = await inTransaction((tx) => afterFirstStep(tx, person, origin));
  // While the second step is due, the try stays counted: a right password must not buy more codes.
  if (outcome.step === "done") await settleLogin(email, origin.address, device);
  return outcome;
}
