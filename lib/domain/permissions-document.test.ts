import { expect, test } from "vitest";
import { needsProof, type Permission, type Role, rolesWith } from "./permissions";

/** What each permission is about, for the reader of docs/security/permissions.md. */
const meaning: Readonly<Record<Permission, string>> = {
  "account.read": "Open the account and see its state",
  "account.protect": "Require two-step sign-in for everyone in the account",
  "account.rename": "Give the account another name",
  "account.retention": "Change how long callers and traffic are kept",
  "account.transfer": "Hand the account over: another member becomes owner, oneself an admin",
  "account.delete": "Delete the account for good",
  "member.read": "See who the members are",
  "member.invite": "Invite people by mail or link, send an invitation again, withdraw it",
  "invitation.read": "See who was invited and has not come yet",
  "member.change":
    "Change roles, end sessions of members, and remove them; owners are changed by owners only",
  "member.leave": "Leave the account",
  "self.change": "One's own sign-in and mail: name, address, proof, second factors, session, alerts",
  "instance.read": "See instances, services and their settings, without secrets",
  "instance.create": "Create an instance or a service",
  "instance.change": "Rename, pause and resume an instance, make a test call of a service",
  "instance.upstream": "Change an instance's upstream, its headers and its names, and a service",
  "instance.regenerate": "Regenerate an instance token",
  "instance.delete": "Delete an instance or a service",
  "instance.reveal": "See an instance token",
  "token.read": "See the state of the account security token",
  "token.change": "Configure, activate, deactivate, rotate or remove the account security token",
  "caller.read": "See callers and traffic",
  "caller.change": "Name callers and dismiss them",
  "address.read": "See the address list and whom it would reject",
  "address.change": "Change the address list, observe with it, enforce it",
  "endpoint.change": "Change an instance's endpoint rules, observe with them, enforce them",
  "audit.read": "Read the activity trail, and check its chain",
  "audit.export": "Export the activity trail",
  "server.read": "See how the server stands; in the first account of a server, and in no other",
};

const roles: readonly Role[] = ["owner", "admin", "viewer"];

function document(): string {
  const row = (permission: Permission) => {
    const marks = roles.map((role) => (rolesWith(permission).includes(role) ? "yes" : "no"));
    const proof = needsProof(permission) ? "yes" : "no";
    return `| \`${permission}\` | ${meaning[permission]} | ${marks.join(" | ")} | ${proof} |`;
  };
  return `# Who may do what

Every member of an account has one role. Each use case in \`lib/services\` asks for one permission before it does
anything, whatever the page has checked; a request made by hand gets the same answer. A permission with a fresh proof
asks for password, code or passkey when the last one is older than ten minutes.

A change reads the role again under the account's lock: of two changes at the same time, the second one counts with the
role that the first one left. Only owners make, change and remove owners. An account always has an owner.

This table is written by the test beside \`lib/domain/permissions.ts\`, which fails when the two differ
(\`npx vitest run lib/domain/permissions-document.test.ts -u\` writes it anew). Every use case is tried with every role
in \`lib/services/permissions.alone.db.test.ts\`.

| permission | what for | owner | admin | viewer | fresh proof |
| --- | --- | --- | --- | --- | --- |
${(Object.keys(meaning) as Permission[]).map(row).join("\n")}
`;
}

test("docs/security/permissions.md is the table that the code decides by", async () => {
  await expect(document()).toMatchFileSnapshot("../../docs/security/permissions.md");
});
