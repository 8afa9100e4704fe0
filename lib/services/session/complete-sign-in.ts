import { holdAccount, type Transaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import type { AuditDetails } from "@/lib/domain/audit-event";
import type { SignInWay } from "@/lib/domain/second-factor";
import { appendAudit } from "../audit/append";
import { forgetEndedSessions } from "./forget-ended";
import { newSession, type SignedIn } from "./new-session";
import { beginSecondStep } from "./pending-sign-in";
import { secondFactorsOf } from "./second-factors";

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

/** The account that a sign-in leads to. */
export async function signInAccount(tx: Transaction, userId: string): Promise<string | undefined> {
  const membership = await tx.membership.findFirst({
    where: { userId },
    select: { accountId: true },
    orderBy: { createdAt: "asc" },
  });
  return membership?.accountId;
}
