import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { db } from "@/lib/db/client";
import { holdAccount, inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import type { AuditDetails } from "@/lib/domain/audit-event";
import { Refusal } from "@/lib/domain/errors";
import type { SignInWay } from "@/lib/domain/second-factor";
import { normaliseEmail, whereEmail } from "../account/email-address";
import { verifyPassword } from "../account/password-rules";
import { type AuditRecord, appendAudit } from "../audit/append";
import { parse, refuse } from "../parse";
import { secondFactorsOf } from "../two-step/second-factors";
import { isNewsOfLimit, limitLogin, settleLogin } from "./login-limit";
import { beginSecondStep, type SigningIn } from "./pending-sign-in";
import { forgetEndedSessions, knownDevice, newSession, type SignedIn } from "./session";

/** What was typed at sign-in. Only emptiness is an error of the field; all else is one answer. */
export const credentialsSchema = z.object({
  email: z.string().transform((text, context) => {
    if (text.trim() === "") refuse(context, "required");
    return normaliseEmail(text);
  }),
  password: z.string().superRefine((text, context) => {
    if (text === "") refuse(context, "required");
  }),
});

/** Looked for in place of a user that there is not, so that both take the same time. */
const nobody = "00000000-0000-0000-0000-000000000000";

/** A sign-in after its first step: done, or waiting under a secret for the second one. */
export type SignInOutcome =
  | ({ readonly step: "done" } & SignedIn)
  | { readonly step: "second"; readonly pending: string };

/**
 * The first step of a sign-in, with e-mail address and password. Done with it is only who has no second factor;
 * for all others no session exists yet. An unknown address and a wrong password get the same answer after the
 * same time.
 *
 * @throws Refusal `bad_credentials`, `limited` (with retryAfter), or `invalid` for an empty field
 */
export async function signIn(
  input: z.input<typeof credentialsSchema>,
  origin: Origin,
): Promise<SignInOutcome> {
  const { email, password } = parse(credentialsSchema, input);
  const select = { id: true, email: true, passwordHash: true } as const;
  const user = await db.user.findUnique({ where: whereEmail(email), select });
  const device = await knownDevice(user?.id ?? nobody, origin);
  await limitLogin(email, origin.address, device).catch((error) => recordLimited(error, email, origin));
  const right = await verifyPassword(user?.passwordHash, password);
  const person = user && { userId: user.id, email: user.email };
  const outcome =
    user && person && right
      ? await inTransaction(async (tx) =>
          (await holdPassword(tx, user)) ? afterFirstStep(tx, person, origin) : null,
        )
      : null;
  if (!outcome) {
    await inFixedTime(async () => {
      if (!person) return;
      await inTransaction((tx) => recordAttempt(tx, person, origin, { action: "session.sign_in_failed" }));
    });
    throw new Refusal("bad_credentials");
  }
  // While the second step is due, the try stays counted: a right password must not buy more codes.
  if (outcome.step === "done") await settleLogin(email, origin.address, device);
  return outcome;
}

/**
 * Whether the password that was checked is still theirs: checking takes a while, and it may have been changed meanwhile.
 * It stays so until the transaction ends, so that a change that comes after finds what it has to end.
 */
async function holdPassword(
  tx: Transaction,
  { id, passwordHash }: { readonly id: string; readonly passwordHash: string },
): Promise<boolean> {
  await holdSignInAccount(tx, id);
  const same = await tx.$queryRaw<object[]>`
    SELECT 1 FROM "User" WHERE "id" = ${id}::uuid AND "passwordHash" = ${passwordHash} FOR SHARE`;
  return same.length > 0;
}

/**
 * Goes on after a first step that went well (password, reset by mail, another provider's word): a session for
 * those without a second factor, else a sign-in that waits for the second step.
 */
export async function afterFirstStep(
  tx: Transaction,
  person: SigningIn,
  origin: Origin,
): Promise<SignInOutcome> {
  const factors = await secondFactorsOf(tx, person.userId);
  if (factors.length > 0) return { step: "second", pending: await beginSecondStep(tx, person) };
  return { step: "done", ...(await completeSignIn(tx, person, origin)) };
}

/**
 * When whoever signs in has proved who they are. A provider's word alone is nobody's presence: without it the session
 * begins unproven. A passkey, whose holder the authenticator checks, is a proof by itself; a code is only half of one.
 */
function provenAtOf({ provider, presentAt }: SigningIn, way: SignInWay | undefined): Date {
  return !provider || way === "passkey" ? new Date() : (presentAt ?? new Date(0));
}

/**
 * Makes the session of someone who has proved all there is to prove, in the user's oldest account, or in none
 * when they are a member of none: then there is no trail to record it in. The one place where sign-in ends.
 *
 * @param by how, when it was more than the password or something else
 */
export async function completeSignIn(
  tx: Transaction,
  person: SigningIn,
  origin: Origin,
  by?: { readonly way: SignInWay; readonly details?: AuditDetails },
): Promise<SignedIn> {
  const { userId, email, provider } = person;
  const accountId = await holdSignInAccount(tx, userId);
  await forgetEndedSessions(tx, userId);
  const sessionId = await newSession(tx, { userId, accountId }, origin, provenAtOf(person, by?.way));
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

/** The account that a sign-in leads to. */
async function signInAccount(tx: Transaction, userId: string): Promise<string | null> {
  const membership = await tx.membership.findFirst({
    where: { userId },
    select: { accountId: true },
    orderBy: { createdAt: "asc" },
  });
  return membership?.accountId ?? null;
}

/**
 * Holds the account that a sign-in leads to. Comes before anything of the person is touched, as in every change of a person:
 * otherwise the two could wait for each other until the database ends one of them.
 */
export async function holdSignInAccount(tx: Transaction, userId: string): Promise<string | null> {
  const accountId = await signInAccount(tx, userId);
  if (accountId) await holdAccount(tx, accountId);
  return accountId;
}

/** Records a try to sign in that led nowhere, in the account that it would have led to. Nobody did it, for all we know. */
export async function recordAttempt(
  tx: Transaction,
  { userId, email }: Pick<SigningIn, "userId" | "email">,
  { address, userAgent }: Origin,
  event: AuditRecord,
): Promise<void> {
  const accountId = await signInAccount(tx, userId);
  if (!accountId) return;
  const by = { actorUserId: null, actorLabel: email, address, userAgent };
  await appendAudit(tx, { targetType: "session", ...event, ...by, accountId });
}

/**
 * Records that a limit stopped a sign-in, once in a quarter of an hour for each user, so that nobody can flood the
 * trail. An unknown address takes as long.
 *
 * @param error what the limit threw
 * @throws the same again
 */
export async function recordLimited(error: unknown, email: string, origin: Origin): Promise<never> {
  if (error instanceof Refusal && error.code === "limited") {
    await inFixedTime(async () => {
      const select = { id: true, email: true } as const;
      const user = await db.user.findUnique({ where: whereEmail(email), select });
      if (!user || !(await isNewsOfLimit(user.id))) return;
      const person = { userId: user.id, email: user.email };
      await inTransaction((tx) => recordAttempt(tx, person, origin, { action: "session.sign_in_limited" }));
    });
  }
  throw error;
}

/** Milliseconds in which everything done after a refused password fits. */
const refusalPause = 200;

/** Runs what must not tell by its time whether there was anything to do. */
export async function inFixedTime(work: () => Promise<void>): Promise<void> {
  await Promise.all([work(), pause(refusalPause)]);
}
