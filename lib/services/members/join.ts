import { z } from "zod";
import { db } from "@/lib/db/client";
import { inAccountTransaction } from "@/lib/db/transaction";
import { isUniqueViolation } from "@/lib/db/unique-violation";
import type { Origin } from "@/lib/domain/actor";
import { invalidField } from "@/lib/domain/errors";
import { hashPassword } from "../account/password-hash";
import { newPasswordSchema } from "../account/password-schema";
import { requireStrongPassword } from "../account/require-strong-password";
import { optionalNameSchema } from "../name-schema";
import { parse } from "../parse";
import { limitRegistration } from "../session/login-limit";
import { newSession, type SignedIn } from "../session/new-session";
import { becomeMember } from "./become-member";
import { openInvitation, tokenSchema } from "./invitation-token";

const schema = z.object({ token: tokenSchema, name: optionalNameSchema, password: newPasswordSchema });

/** What the invitation's page asks a new person for. */
export interface Joining {
  readonly token: string;
  readonly name: string;
  readonly password: string;
}

/**
 * Accepts an invitation as someone new: makes the user with the invitation's address and signs them in.
 * Possible also where registration is closed; nothing is created when the invitation is not good.
 *
 * @throws Refusal `invitation_invalid`, `limited`, or `invalid` (name, password, email: email_taken)
 */
export async function joinByInvitation(input: Joining, origin: Origin): Promise<SignedIn> {
  const { token, name, password } = parse(schema, input);
  const { accountId, email, account } = await openInvitation(db, token);
  await requireStrongPassword(password, [email, account.name, name ?? ""]);
  await limitRegistration(origin.address);
  const passwordHash = await hashPassword(password);
  try {
    return await inAccountTransaction(accountId, async (tx) => {
      const invitation = await openInvitation(tx, token);
      const user = await tx.user.create({ data: { email: invitation.email, name, passwordHash } });
      await becomeMember(tx, invitation, { ...origin, userId: user.id });
      const sessionId = await newSession(tx, { userId: user.id, accountId }, origin);
      return { userId: user.id, sessionId };
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw invalidField("email", "email_taken");
    throw error;
  }
}
