import type { Role } from "./permissions";

/** What a member can be, the most powerful first. */
export const roles: readonly Role[] = ["owner", "admin", "viewer"];

/** An invitation can be accepted for this long; seconds. */
export const invitationSeconds = 7 * 24 * 3600;

/** Open invitations an account can have. */
export const mostInvitations = 100;

/** Shortest and longest time for which callers and traffic are kept, in days. */
export const retentionDays = { min: 1, max: 365 } as const;

/** True when a member of this role may give that role to someone, or take it away. Only owners touch owners. */
export function mayGrant(actor: Role, role: Role): boolean {
  return actor === "owner" || (actor === "admin" && role !== "owner");
}

/** The roles that a member of this role may give. */
export function grantableRoles(actor: Role): readonly Role[] {
  return roles.filter((role) => mayGrant(actor, role));
}

/** True when an account with so many owners may lose one who becomes `next`; null means leaving. */
export function leavesAnOwner(owners: number, from: Role, next: Role | null): boolean {
  return from !== "owner" || next === "owner" || owners > 1;
}

/** One member of an account, as the other members see them. */
export interface MemberView {
  readonly userId: string;
  readonly email: string;
  readonly name: string | null;
  readonly role: Role;
  readonly joinedAt: Date;
  /** Last use of a session in this account; null when none is known. */
  readonly lastSeenAt: Date | null;
  /** Whether they sign in with two steps. */
  readonly twoStep: boolean;
  /** True for the one who looks. */
  readonly self: boolean;
}

/** An invitation that nobody has accepted yet. */
export interface InvitationView {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly invitedBy: string;
  readonly expiresAt: Date;
  readonly expired: boolean;
}

/** An invitation that was sent: by mail, or as a link to hand over, which is shown this once. */
export interface SentInvitation {
  readonly email: string;
  /** The path of the link, with its token in the fragment; null when it went by mail. */
  readonly path: string | null;
}

/** What an invitation says to the one who holds its link. */
export interface InvitationOffer {
  readonly accountName: string;
  readonly email: string;
  readonly role: Role;
  readonly invitedBy: string;
  readonly expiresAt: Date;
  /** True when someone with this address has signed up already. */
  readonly known: boolean;
}

/** One of the accounts that a person is a member of. */
export interface OwnAccount {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}
