/** What a member of an account can be. */
export type Role = "owner" | "admin" | "viewer";

/** Everything that can be asked of an account. One row of the table below for each. */
export type Permission =
  | "account.read"
  /** How others have to sign in. */
  | "account.protect"
  /** The account's name. */
  | "account.rename"
  /** How long callers and traffic are kept. */
  | "account.retention"
  /** Handing the account over to another member. */
  | "account.transfer"
  | "account.delete"
  | "member.read"
  | "member.invite"
  /** Who was invited and has not come yet. */
  | "invitation.read"
  /** Roles of members, ending their sessions, and removing them. */
  | "member.change"
  /** Leaving the account oneself. */
  | "member.leave"
  /** One's own sign-in: proof, second factors, session. What a member can do before anything else. */
  | "self.change"
  | "instance.read"
  | "instance.create"
  | "instance.change"
  | "instance.upstream"
  | "instance.regenerate"
  | "instance.delete"
  | "instance.reveal"
  | "token.read"
  | "token.change"
  | "address.read"
  | "address.change"
  | "endpoint.change"
  | "caller.read"
  | "caller.change"
  | "audit.read"
  | "audit.export"
  /** How the server stands; in its first account only. */
  | "server.read";

const table: Readonly<Record<Permission, readonly Role[]>> = {
  "account.read": ["owner", "admin", "viewer"],
  "account.protect": ["owner"],
  "account.rename": ["owner", "admin"],
  "account.retention": ["owner"],
  "account.transfer": ["owner"],
  "account.delete": ["owner"],
  "member.read": ["owner", "admin", "viewer"],
  "member.invite": ["owner", "admin"],
  "invitation.read": ["owner", "admin"],
  "member.change": ["owner", "admin"],
  "member.leave": ["owner", "admin", "viewer"],
  "self.change": ["owner", "admin", "viewer"],
  "instance.read": ["owner", "admin", "viewer"],
  "instance.create": ["owner", "admin"],
  "instance.change": ["owner", "admin"],
  "instance.upstream": ["owner", "admin"],
  "instance.regenerate": ["owner", "admin"],
  "instance.delete": ["owner", "admin"],
  "instance.reveal": ["owner", "admin"],
  "token.read": ["owner", "admin", "viewer"],
  "token.change": ["owner", "admin"],
  "address.read": ["owner", "admin", "viewer"],
  "address.change": ["owner", "admin"],
  "endpoint.change": ["owner", "admin"],
  "caller.read": ["owner", "admin", "viewer"],
  "caller.change": ["owner", "admin"],
  "audit.read": ["owner", "admin", "viewer"],
  "audit.export": ["owner", "admin"],
  "server.read": ["owner"],
};

/** True when a member with this role may do this. Unknown roles may do nothing. */
export function can(role: Role, permission: Permission): boolean {
  return table[permission].includes(role);
}

/** The roles that may do this. */
export function rolesWith(permission: Permission): readonly Role[] {
  return table[permission];
}

/**
 * What is done only soon after its person proved who they are: everything that shows or replaces a secret,
 * or decides who is let in. Pausing an instance is a brake, and a name harms nobody.
 */
const proofTable: Readonly<Record<Permission, boolean>> = {
  "account.read": false,
  "account.protect": true,
  "account.rename": false,
  "account.retention": true,
  "account.transfer": true,
  "account.delete": true,
  "member.read": false,
  "member.invite": true,
  "invitation.read": false,
  "member.change": true,
  "member.leave": true,
  // What changes how one signs in asks for itself: proving who one is cannot.
  "self.change": false,
  "instance.read": false,
  "instance.create": false,
  "instance.change": false,
  "instance.upstream": true,
  "instance.regenerate": true,
  "instance.delete": true,
  "instance.reveal": true,
  "token.read": false,
  "token.change": true,
  "address.read": false,
  "address.change": true,
  "endpoint.change": true,
  "caller.read": false,
  "caller.change": false,
  "audit.read": false,
  "audit.export": false,
  "server.read": false,
};

/** True when this asks for a fresh proof of who acts. */
export function needsProof(permission: Permission): boolean {
  return proofTable[permission];
}

/** All permissions that ask for one. */
export const provenPermissions: readonly Permission[] = (Object.keys(proofTable) as Permission[]).filter(
  needsProof,
);
