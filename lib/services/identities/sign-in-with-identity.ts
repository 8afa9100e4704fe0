import { inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import type { ProviderIdentity, SignOnProblem } from "@/lib/domain/single-sign-on";
import { normaliseEmail } from "../account/email";
import { registrationStateIn } from "../account/registration-state";
import { afterFirstStep, completeSignIn, type SignInOutcome } from "../session/complete-sign-in";
import { beginLink } from "./pending-link";
import { providerOf } from "./provider-of";

/** Where a sign-in at a provider leads. */
export type IdentityOutcome =
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
    await tx.identity.update({ where: { id: known.id }, data: { lastUsedAt: new Date() } });
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
