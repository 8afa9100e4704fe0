import type { Role } from "./permissions";

/** Where a request to the dashboard came from, as it is written into sessions and the audit trail. */
export interface Origin {
  /** Client address in canonical text form. */
  readonly address: string;
  readonly userAgent: string;
}

/** Who is signed in, in whichever account, or in none. */
export interface Person extends Origin {
  readonly userId: string;
  readonly email: string;
  readonly sessionId: string;
  /** When the person last proved who they are (sign-in or password re-entry). */
  readonly provenAt: Date;
}

/** Who acts: a live session of a member of one account. Every use case takes one and authorizes it. */
export interface Actor extends Person {
  readonly accountId: string;
  readonly accountName: string;
  readonly role: Role;
  /** True when the account requires two-step sign-in and this person has no second factor: may only set one up. */
  readonly twoStepMissing: boolean;
}
