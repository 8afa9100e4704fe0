import { z } from "zod";
import { config } from "@/lib/config";
import { db, isUniqueViolation } from "@/lib/db/client";
import { holdLock, inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import { invalidField, Refusal } from "@/lib/domain/errors";
import { type Language, languages } from "@/lib/domain/preferences";
import { appendAudit } from "../audit/append";
import { queueMail, sendsMail } from "../mail/queue";
import { nameSchema, parse } from "../parse";
import { limitRegistration } from "../session/login-limit";
import { newSession, type SignedIn } from "../session/session";
import { emailSchema } from "./email-address";
import { linkMail } from "./mail-links";
import { hashPassword, newPasswordSchema, requireStrongPassword } from "./password-rules";

/** Whether someone can register now: as the first, because it is open, or not. */
type RegistrationState = "first" | "open" | "closed";

/** The state as this transaction sees it. */
export async function registrationStateIn(tx: Pick<Transaction, "account">): Promise<RegistrationState> {
  const someone = await tx.account.findFirst({ select: { id: true } });
  return someone ? config().registration : "first";
}

/** Whether someone can register now. Needs no actor: the register page asks before anyone is signed in. */
export function registrationState(): Promise<RegistrationState> {
  return registrationStateIn(db);
}

const registrationSchema = z.object({
  accountName: nameSchema,
  email: emailSchema,
  password: newPasswordSchema,
  /** That of the page, for the first mail. */
  language: z.enum(languages).optional(),
});

/**
 * Makes an account with its owner and signs the owner in. Of two first registrations at once one wins; the
 * other one is refused unless registration is open.
 *
 * @throws Refusal `registration_closed`, `limited`, or `invalid` (accountName, email, password)
 */
export async function register(input: z.input<typeof registrationSchema>, origin: Origin): Promise<SignedIn> {
  // Asked before hashing, so that a closed door costs nothing; asked again under the lock.
  if ((await registrationState()) === "closed") throw new Refusal("registration_closed");
  const { accountName, email, password, language = null } = parse(registrationSchema, input);
  await limitRegistration(origin.address);
  await requireStrongPassword(password, [accountName, email]);
  const passwordHash = await hashPassword(password);
  try {
    return await inTransaction(async (tx) => {
      await holdLock(tx, "registration");
      const state = await registrationStateIn(tx);
      if (state === "closed") throw new Refusal("registration_closed");
      const owner = { accountName, email, passwordHash, language, isFirst: state === "first" };
      return await createOwner(tx, owner, origin);
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw invalidField("email", "email_taken");
    throw error;
  }
}

async function createOwner(
  tx: Transaction,
  owner: {
    accountName: string;
    email: string;
    passwordHash: string;
    language: Language | null;
    isFirst: boolean;
  },
  origin: Origin,
): Promise<SignedIn> {
  const { email, passwordHash, language: lastLanguage, isFirst } = owner;
  const user = await tx.user.create({ data: { email, passwordHash, lastLanguage } });
  const account = await tx.account.create({ data: { name: owner.accountName, isFirst } });
  await tx.membership.create({ data: { userId: user.id, accountId: account.id, role: "owner" } });
  if (sendsMail()) {
    const owner = { userId: user.id, email: user.email };
    await queueMail(tx, await linkMail(tx, "verify_address", owner, {}));
  }
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
