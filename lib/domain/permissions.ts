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
  | "caller.read"
  | "caller.change"
  | "audit.read"
  | "audit.export";

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
  "caller.read": ["owner", "admin", "viewer"],
  "caller.change": ["owner", "admin"],
  "audit.read": ["owner", "admin", "viewer"],
  "audit.export": ["owner", "admin"],
};

/** True when a member with this role may do this. Unknown roles may do nothing. */
export function can(role: Role, permission: Permission): boolean {
  return table[permission].includes(role);
}

/** The roles that may do this. */
export function rolesWith(permission: Permission): readonly Role[] {
  return table[permission];
}
