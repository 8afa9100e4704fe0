import { describe, expect, test } from "vitest";
import { refusedWith } from "@/test/support/accounts";
import { parse } from "../parse";
import { hashPassword, newPasswordSchema, verifyPassword } from "./password-rules";

const check = async (password: unknown) => parse(newPasswordSchema, password);

describe("a new password", () => {
  test("has 15 to 256 characters, whatever they are", async () => {
    expect(await check("x".repeat(15))).toBe("x".repeat(15));
    expect(await check("🗝".repeat(256))).toHaveLength(512);
    expect(await refusedWith(check("x".repeat(14)))).toBe("invalid :too_short");
    expect(await refusedWith(check("x".repeat(257)))).toBe("invalid :too_long");
    expect(await refusedWith(check(""))).toBe("invalid :required");
    expect(await refusedWith(check(7))).toBe("invalid :required");
  });

  test("counts what is hashed: composed characters", async () => {
    expect(await refusedWith(check("e\u0301".repeat(14)))).toBe("invalid :too_short");
    expect(await check("e\u0301".repeat(15))).toBeTruthy();
  });
});

describe("hashing", () => {
  test("is argon2id with OWASP's parameters and a salt of its own", async () => {
    const [one, two] = await Promise.all([hashPassword("same"), hashPassword("same")]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
  });

  test("takes the same characters however they were typed", async () => {
    const stored = await hashPassword("caf\u00e9");
    expect(await verifyPassword(stored, "cafe\u0301")).toBe(true);
    expect(await verifyPassword(stored, "cafe")).toBe(false);
  });

  test("never matches without a user", async () => {
    expect(await verifyPassword(undefined, "")).toBe(false);
    expect(await verifyPassword(undefined, "anything")).toBe(false);
  });
});
