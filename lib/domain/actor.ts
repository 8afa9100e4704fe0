import type { Role } from "./permissions";

/** Where a request to the dashboard came from, as it is written into sessions and the audit trail. */
export interface Origin {
  /** Client address in canonical text form. */
  readonly address: string;
  readonly userAgent: string;
}

/** Who is signed in, in whichever account, or in none. */
export interface Person extends Origin {
  readonly kind: "person";
  readonly userId: string;
  readonly email: string;
  readonly sessionId: string;
  /** When the person last proved who they are (sign-in or password re-entry). */
  readonly provenAt: Date;
}

/** A person with a session, as a member of one account. */
interface Member extends Person {
  readonly accountId: string;
  readonly accountName: string;
  readonly role: Role;
  /** True when the account requires two-step sign-in and this person has no second factor: may only set one up. */
  readonly twoStepMissing: boolean;
}

/** Whoever stands at the machine: needs no permission, and cannot be reached by the web. */
export interface Operator extends Origin {
  readonly kind: "operator";
}

/** The operator, as written into trails and mails. */
export const operator: Operator = { kind: "operator", address: "unknown", userAgent: "Latchkey operator" };

/** Latchkey itself: does what time brings about. */
export interface System extends Origin {
  readonly kind: "system";
}

/** Latchkey itself, as written into trails. */
export const system: System = { kind: "system", address: "unknown", userAgent: "Latchkey" };

/** How trails name Latchkey itself, where people have an e-mail address. */
export const systemLabel = "system";

/** Who acts in an account. Every use case takes one and authorizes it first. */
export type Actor = Member;
