import { expect, test } from "vitest";
import { grantableRoles, leavesAnOwner, mayGrant } from "./membership";
import type { Role } from "./permissions";

test("owners give any role, admins any but owner, others none", () => {
  expect(grantableRoles("owner")).toEqual(["owner", "admin", "viewer"]);
  expect(grantableRoles("admin")).toEqual(["admin", "viewer"]);
  expect(grantableRoles("viewer")).toEqual([]);
  expect(grantableRoles("root" as Role)).toEqual([]);
  expect(mayGrant("admin", "owner")).toBe(false);
});

test.each([
  [1, "owner", "admin", false],
  [1, "owner", null, false],
  [1, "owner", "owner", true],
  [2, "owner", null, true],
  [1, "admin", null, true],
] as const)("with %i owners, an %s may become %s: %s", (owners, from, next, allowed) => {
  expect(leavesAnOwner(owners, from, next)).toBe(allowed);
});
