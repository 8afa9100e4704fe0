/** What an OpenID Connect provider says about who is there, after its word was checked. */
export interface ProviderIdentity {
  readonly issuer: string;
  /** What the provider calls the person (`sub`): never given to another. */
  readonly subject: string;
  readonly email: string | null;
  /** The provider has made sure that the address is the person's. */
  readonly emailVerified: boolean;
  /** When the person signed in there; null when that was before we asked, or the provider does not tell. */
  readonly presentAt: Date | null;
  /** The person proved themselves there with several factors, since we asked. */
  readonly severalFactors: boolean;
}

/** Why a sign-in at a provider led back to the log-in page. Each has a sentence in `auth.singleSignOn.problem`. */
const signOnProblems = [
  /** The person, or the provider, said no. */
  "denied",
  /** The provider does not answer. */
  "unavailable",
  /** Its clock and ours disagree. */
  "clock",
  /** What came back does not fit what left: started elsewhere, too old, used before, forged. */
  "failed",
  "unverified",
  "unknown",
  "unknown_open",
  "unknown_invited",
  "link_over",
  /** A proof: somebody else signed in at the provider. */
  "proof_other",
  /** A proof: the provider does not say that the person signed in since we asked. */
  "proof_silent",
  /** A proof: the person has a second factor, and the provider does not say that it asked for several. */
  "proof_second",
] as const;

/** One of them. */
export type SignOnProblem = (typeof signOnProblems)[number];

/** The problem that an address names, or undefined. */
export function signOnProblemIn(text: unknown): SignOnProblem | undefined {
  return signOnProblems.find((each) => each === text);
}

/** A sign-in at a provider waits this long for the log-in that it is to be linked to. */
export const pendingLinkSeconds = 10 * 60;

/** Longest `sub` there is, in characters (OpenID Connect Core 1.0 §2). */
const subjectMaxLength = 255;

/** Seconds that a provider's clock and ours may be apart. */
const clockTolerance = 10;

type Claims = Readonly<Record<string, unknown>>;

const withoutSlash = (url: string): string => url.replace(/\/$/, "");

/**
 * When a person was really there: `auth_time` of the ID token (OpenID Connect Core 1.0 §2), when it is not before we
 * asked. A provider's live session is nobody's presence, and a provider that does not tell is no proof.
 *
 * @param asked when the way to the provider began; null when that is not known
 * @returns never later than now
 */
function presenceIn({ auth_time: at }: Claims, asked: Date | null, now: Date): Date | null {
  if (typeof at !== "number" || !Number.isFinite(at) || asked === null) return null;
  // Whole seconds: one that began before we asked may have ended after it.
  const earliest = Math.floor(asked.getTime() / 1000) - clockTolerance;
  if (at < earliest || at > now.getTime() / 1000 + clockTolerance) return null;
  return new Date(Math.min(at * 1000, now.getTime()));
}

/**
 * Reads who is there from claims whose signature, audience, nonce and times were checked already; null when
 * they do not name the configured issuer, or nobody.
 *
 * @param issuer the provider that was configured
 * @param asked when the way to the provider began; null when that is not known
 */
export function identityIn(
  claims: Claims,
  issuer: string,
  asked: Date | null,
  now: Date,
): ProviderIdentity | null {
  const { iss, sub, email, email_verified: verified, amr } = claims;
  if (typeof iss !== "string" || withoutSlash(iss) !== withoutSlash(issuer)) return null;
  if (typeof sub !== "string" || sub === "" || sub.length > subjectMaxLength || sub.includes("\0"))
    return null;
  const presentAt = presenceIn(claims, asked, now);
  return {
    issuer: withoutSlash(issuer),
    subject: sub,
    email: typeof email === "string" && email !== "" && !email.includes("\0") ? email : null,
    // Some providers write it as text.
    emailVerified: verified === true || verified === "true",
    presentAt,
    // RFC 8176 §2. Naming two methods does not say that both were asked for, nor does it say when.
    severalFactors: presentAt !== null && Array.isArray(amr) && amr.includes("mfa"),
  };
}

/** A linked sign-in as its person sees it. */
export interface IdentityView {
  readonly id: string;
  readonly issuer: string;
  readonly email: string;
  readonly linkedAt: Date;
  readonly lastUsedAt: Date | null;
}

/** Single sign-on as the person who has it sees it. */
export interface SingleSignOnView {
  /** What the provider is called; empty when single sign-on is off. */
  readonly provider: string;
  readonly identities: readonly IdentityView[];
}
