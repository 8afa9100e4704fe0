import { db } from "@/lib/db/client";
import { holdAccount, inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import type { AuditDetails } from "@/lib/domain/audit-event";
import { Refusal } from "@/lib/domain/errors";
import type { SignInWay } from "@/lib/domain/second-factor";
import { verifyPassword } from "../account/password-hash";
import { appendAudit } from "../audit/append";
import { parse } from "../parse";
import { secondFactorsOf } from "../two-step/second-factors";
import { couldBePassword, credentialsSchema } from "./credentials";
import { evenly, limitLogin, recordLimited, settleLogin } from "./login-limit";
import { knownDevice } from "./new-device";
import { beginSecondStep } from "./pending-sign-in";
import { forgetEndedSessions, newSession, type SignedIn } from "./session";
import { signInAccount } from "./sign-in-account";

/** Milliseconds in which everything done after a refused password fits. */
const _refusalPause = 200;

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

/** A sign-in after its first step: done, or waiting under a secret for the second one. */
export type SignInOutcome =
  | ({ readonly step: "done" } & SignedIn)
  | { readonly step: "second"; readonly pending: string };

/** Who signs in. */
export interface Person {
  readonly userId: string;
  readonly email: string;
  /** Name of the provider whose word was the first step, when it was not the password. */
  readonly provider?: string | null;
  /** When they were present at that provider, if it says so. */
  readonly presentAt?: Date | null;
}

/**
 * When whoever signs in has proved who they are. A provider's word alone is nobody's presence: without it the session
 * begins unproven. A passkey, whose holder the authenticator checks, is a proof by itself; a code is only half of one.
 */
function provenAtOf({ provider, presentAt }: Person, way: SignInWay | undefined): Date {
  return !provider || way === "passkey" ? new Date() : (presentAt ?? new Date(0));
}

/**
 * Goes on after a first step that went well (password, reset by mail, another provider's word): a session for
 * those without a second factor, else a sign-in that waits for the second step.
 */
export async function afterFirstStep(
  tx: Transaction,
  person: Person,
  origin: Origin,
): Promise<SignInOutcome> {
  const factors = await secondFactorsOf(tx, person.userId);
  if (factors.length > 0) return { step: "second", pending: await beginSecondStep(tx, person) };
  return { step: "done", ...(await completeSignIn(tx, person, origin)) };
}

/**
 * Makes the session of someone who has proved all there is to prove, in the user's oldest account, or in none
 * when they are a member of none: then there is no trail to record it in. The one place where sign-in ends.
 *
 * @param by how, when it was more than the password or something else
 */
export async function completeSignIn(
  tx: Transaction,
  person: Person,
  origin: Origin,
  by?: { readonly way: SignInWay; readonly details?: AuditDetails },
): Promise<SignedIn> {
  const { userId, email, provider } = person;
  const accountId = await signInAccount(tx, userId);
  if (accountId) await holdAccount(tx, accountId);
  await forgetEndedSessions(tx, userId);
  const member = { userId, accountId: accountId ?? null };
  const sessionId = await newSession(tx, member, origin, provenAtOf(person, by?.way));
  if (!accountId) return { userId, sessionId };
  await appendAudit(tx, {
    ...origin,
    accountId,
    actorUserId: userId,
    actorLabel: email,
    action: "session.signed_in",
    targetType: "session",
    targetId: sessionId,
    details: {
      ...(provider && { by: "provider", via: "provider", to: provider }),
      ...(by && { by: by.way, ...by.details }),
    },
  });
  return { userId, sessionId };
}
