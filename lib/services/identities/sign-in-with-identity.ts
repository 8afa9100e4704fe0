import { z } from "zod";
import { config } from "@/lib/config";
import { db } from "@/lib/db/client";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import type { ProviderIdentity, SignOnProblem, SingleSignOnView } from "@/lib/domain/single-sign-on";
import { normaliseEmail } from "../account/email-address";
import { registrationStateIn } from "../account/register";
import { failedProof, noteProof } from "../session/prove";
import { afterFirstStep, completeSignIn, holdSignInAccount, type SignInOutcome } from "../session/sign-in";
import { secondFactorsOf } from "../two-step/second-factors";
import { changeUseCase, readUseCase } from "../use-case";
import { beginLink, providerOf } from "./link-identity";

/** The sign-ins at providers that are linked to the actor, newest first. */
export const readSingleSignOn = readUseCase({
  permission: "self.change",
  run: async ({ userId }): Promise<SingleSignOnView> => {
    const rows = await db.identity.findMany({
      where: { userId },
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      select: { id: true, issuer: true, email: true, createdAt: true, lastUsedAt: true },
    });
    return {
      provider: config().singleSignOn?.name ?? "",
      identities: rows.map(({ createdAt, issuer, ...row }) => ({
        ...row,
        issuer: providerOf(issuer),
        linkedAt: createdAt,
      })),
    };
  },
});

/** Where a sign-in at a provider leads. */
type IdentityOutcome =
  | SignInOutcome
  /** The log-in with this address has to be proved first; the link waits under a secret. */
  | { readonly step: "link"; readonly pending: string }
  | { readonly step: "refused"; readonly problem: SignOnProblem };

/**
 * The first step of a sign-in, by the word of a provider that was checked already. A linked sign-in goes on
 * as a password would; the second step is spared only to those whom the provider asked for several factors.
 * The session counts as proven only when the provider says that the person signed in there since we asked.
 * One that is not linked never signs anybody in, whatever address it has.
 */
export async function signInWithIdentity(
  identity: ProviderIdentity,
  origin: Origin,
): Promise<IdentityOutcome> {
  const { issuer, subject, severalFactors, presentAt } = identity;
  return inTransaction(async (tx) => {
    const known = await tx.identity.findUnique({
      where: { issuer_subject: { issuer, subject } },
      select: { id: true, userId: true, user: { select: { email: true } } },
    });
    if (!known) return meet(tx, identity);
    await holdSignInAccount(tx, known.userId);
    // Unlinked meanwhile, it is one that is not linked.
    const { count } = await tx.identity.updateMany({
      where: { id: known.id },
      data: { lastUsedAt: new Date() },
    });
    if (count === 0) return meet(tx, identity);
    const { userId, user } = known;
    const person = { userId, email: user.email, provider: providerOf(issuer), presentAt };
    if (!severalFactors) return afterFirstStep(tx, person, origin);
    return { step: "done", ...(await completeSignIn(tx, person, origin)) };
  });
}

/** Somebody who is not linked to anyone here. */
async function meet(tx: Transaction, identity: ProviderIdentity): Promise<IdentityOutcome> {
  const { issuer, subject, emailVerified } = identity;
  const email = normaliseEmail(identity.email ?? "");
  if (!emailVerified || email === "") return { step: "refused", problem: "unverified" };
  const user = await tx.user.findUnique({ where: { email }, select: { id: true } });
  if (!user) return { step: "refused", problem: await wayIn(tx, email) };
  return { step: "link", pending: await beginLink(tx, { userId: user.id, issuer, subject, email }) };
}

/** What someone can do whose address has no user here: no account is made by a provider's word alone. */
async function wayIn(tx: Transaction, email: string): Promise<SignOnProblem> {
  const invited = await tx.invitation.count({ where: { email, expiresAt: { gt: new Date() } } });
  if (invited > 0) return "unknown_invited";
  return (await registrationStateIn(tx)) === "closed" ? "unknown" : "unknown_open";
}

/** Whether the actor could prove who they are at the configured provider: a sign-in there is linked to them. */
export const canProveAtProvider = readUseCase({
  permission: "self.change",
  run: async ({ userId }): Promise<boolean> => {
    const { singleSignOn } = config();
    if (!singleSignOn) return false;
    const issuer = singleSignOn.issuer.replace(/\/$/, "");
    return (await db.identity.count({ where: { userId, issuer } })) > 0;
  },
});

/**
 * Proves again who acts, by the word of a provider that was checked already: that this very person signed in there
 * since we asked. For those with a second factor the provider must have asked for several factors then. What proves
 * nothing goes into the trail.
 *
 * @returns why it proves nothing; null when it does
 * @throws Refusal `forbidden`, `unauthenticated` when the session is over
 */
export const proveWithIdentity = changeUseCase({
  permission: "self.change",
  altersDecision: false,
  input: z.custom<ProviderIdentity>(),
  run: async (change, { issuer, subject, presentAt, severalFactors }) => {
    const { tx, actor } = change;
    const failed = (problem: SignOnProblem) => ({ result: problem, event: failedProof(actor, "provider") });
    const linked = await tx.identity.count({ where: { issuer, subject, userId: actor.userId } });
    if (linked === 0) return failed("proof_other");
    if (!presentAt) return failed("proof_silent");
    const two = (await secondFactorsOf(tx, actor.userId)).length > 0;
    if (two && !severalFactors) return failed("proof_second");
    const details = { by: "provider", to: providerOf(issuer) };
    return { result: null, event: await noteProof(change, details, presentAt) };
  },
});
