import type { Permission } from "./permissions";

/**
 * What is done only soon after its person proved who they are: everything that shows or replaces a secret,
 * or decides who is let in. Pausing an instance is a brake, and a name harms nobody.
 */
const table: Readonly<Record<Permission, boolean>> = {
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
  "caller.read": false,
  "caller.change": false,
  "audit.read": false,
  "audit.export": false,
};

/** True when this asks for a fresh proof of who acts. */
export function needsProof(permission: Permission): boolean {
  return table[permission];
}

/** All permissions that ask for one. */
export const provenPermissions: readonly Permission[] = (Object.keys(table) as Permission[]).filter(
  needsProof,
);
