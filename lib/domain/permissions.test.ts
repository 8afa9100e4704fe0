import { expect, test } from "vitest";
import { can, type Permission, type Role } from "./permissions";

const readOnly: Permission[] = [
  "account.read",
  "instance.read",
  "token.read",
  "address.read",
  "caller.read",
  "audit.read",
];
const changing: Permission[] = [
  "instance.create",
  "instance.change",
  "instance.upstream",
  "instance.regenerate",
  "instance.delete",
  "instance.reveal",
  "token.change",
  "address.change",
  "caller.change",
  "audit.export",
];

test("everyone in the account may look", () => {
  for (const role of ["owner", "admin", "viewer"] as const) {
    for (const permission of readOnly) expect(can(role, permission)).toBe(true);
  }
});

test("how others sign in is for owners alone, one's own sign-in for everyone", () => {
  for (const role of ["admin", "viewer"] as const) {
    expect(can(role, "account.protect")).toBe(false);
    expect(can(role, "self.change")).toBe(true);
  }
  expect(can("owner", "account.protect")).toBe(true);
  expect(can("owner", "self.change")).toBe(true);
});

test("a viewer may change nothing and see no secret", () => {
  for (const permission of changing) {
    expect(can("viewer", permission)).toBe(false);
    expect(can("admin", permission)).toBe(true);
    expect(can("owner", permission)).toBe(true);
  }
});

test("a role that does not exist may do nothing", () => {
  for (const permission of [...readOnly, ...changing]) expect(can("root" as Role, permission)).toBe(false);
});
