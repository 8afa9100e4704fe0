import { z } from "zod";
import { config } from "@/lib/config";
import { db, isUniqueViolation } from "@/lib/db/client";
import { holdLock, inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import { invalidField, Refusal } from "@/lib/domain/errors";
import { appendAudit } from "../audit/append";
import { queueNotice, sendsMail } from "../mail/queue";
import { nameSchema, parse } from "../parse";
import { limitRegistration } from "../session/login-limit";
import { newSession, type SignedIn } from "../session/session";
import { emailSchema } from "./email-address";
import { type LinkOwner, sendMailLink } from "./mail-links";
import { hashPassword } from "./password-hash";
import { newPasswordSchema, requireStrongPassword } from "./password-strength";

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

const schema = z.object({ accountName: nameSchema, email: emailSchema, password: newPasswordSchema });

/** What the register page asks for. */
interface Registration {
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

/**
 * To be called when a mailbox is proved for the first time, by somebody who need not be the one who registered its
 * address: takes away whatever that one may have left behind to come back by. These are authenticator apps, recovery
 * codes, passkeys, linked and waiting sign-ins at providers, links by mail, and open invitations sent in the user's
 * name. Sessions and waiting sign-ins end with the password. Accounts, memberships and instances stay with the user.
 * What was taken is told by mail.
 *
 * @returns how many ways in there were; links and waiting sign-ins, which end by themselves, are not counted
 */
export async function dropPlanted(tx: Transaction, owner: LinkOwner, origin: Origin): Promise<number> {
  const { userId, email } = owner;
  const where = { userId };
  const apps = await tx.totp.count({ where: { userId, active: true } });
  await tx.totp.deleteMany({ where });
  await tx.recoveryCode.deleteMany({ where });
  const passkeys = await tx.passkey.deleteMany({ where });
  const identities = await tx.identity.deleteMany({ where });
  await tx.pendingLink.deleteMany({ where });
  await tx.mailLink.deleteMany({ where });
  const invitations = await tx.invitation.deleteMany({
    where: { invitedBy: email, account: { memberships: { some: where } } },
  });
  const count = apps + passkeys.count + identities.count + invitations.count;
  if (count > 0) await queueNotice(tx, "second_factor_removed", email, { factor: "planted" }, origin);
  return count;
}
