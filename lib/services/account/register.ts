import { z } from "zod";
import { holdLock } from "@/lib/db/advisory-lock";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import { isUniqueViolation } from "@/lib/db/unique-violation";
import type { Origin } from "@/lib/domain/actor";
import { invalidField, Refusal } from "@/lib/domain/errors";
import { appendAudit } from "../audit/append";
import { sendsMail } from "../mail/queue";
import { nameSchema } from "../name-schema";
import { parse } from "../parse";
import { limitRegistration } from "../session/login-limit";
import { newSession, type SignedIn } from "../session/new-session";
import { emailSchema } from "./email";
import { sendMailLink } from "./mail-links";
import { hashPassword } from "./password-hash";
import { newPasswordSchema } from "./password-schema";
import { registrationState, registrationStateIn } from "./registration-state";
import { requireStrongPassword } from "./require-strong-password";

const schema = z.object({ accountName: nameSchema, email: emailSchema, password: newPasswordSchema });

/** What the register page asks for. */
export interface Registration {
  readonly accountName: string;
  readonly email: string;
  readonly password: string;
}

/**
 * Makes an account with its owner and signs the owner in. Of two first registrations at once one wins; the
 * other one is refused unless registration is open.
 *
 * @throws Refusal `registration_closed`, `limited`, or `invalid` (accountName, email, password)
 */
export async function register(input: Registration, origin: Origin): Promise<SignedIn> {
  // Asked before hashing, so that a closed door costs nothing; asked again under the lock.
  if ((await registrationState()) === "closed") throw new Refusal("registration_closed");
  const { accountName, email, password } = parse(schema, input);
  await limitRegistration(origin.address);
  await requireStrongPassword(password, [accountName, email]);
  const passwordHash = await hashPassword(password);
  try {
    return await inTransaction(async (tx) => {
      await holdLock(tx, "registration");
      if ((await registrationStateIn(tx)) === "closed") throw new Refusal("registration_closed");
      return await createOwner(tx, { accountName, email, passwordHash }, origin);
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw invalidField("email", "email_taken");
    throw error;
  }
}

async function createOwner(
  tx: Transaction,
  owner: { accountName: string; email: string; passwordHash: string },
  origin: Origin,
): Promise<SignedIn> {
  const user = await tx.user.create({ data: { email: owner.email, passwordHash: owner.passwordHash } });
  const account = await tx.account.create({ data: { name: owner.accountName } });
  await tx.membership.create({ data: { userId: user.id, accountId: account.id, role: "owner" } });
  if (sendsMail()) await sendMailLink(tx, "verify_address", { userId: user.id, email: user.email }, {});
  const sessionId = await newSession(tx, { userId: user.id, accountId: account.id }, origin);
  await appendAudit(tx, {
    ...origin,
    accountId: account.id,
    actorUserId: user.id,
    actorLabel: user.email,
    action: "account.created",
    targetType: "account",
    targetId: account.id,
    targetLabel: account.name,
  });
  return { userId: user.id, sessionId };
}
