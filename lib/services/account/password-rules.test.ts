import { describe, expect, test } from "vitest";
import { refusedWith } from "@/test/support/accounts";
import { parse } from "../parse";
import { hashPassword, isCommonPassword, newPasswordSchema, verifyPassword } from "./password-rules";

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

const about = ["Acme Bakery", "ana.lopez@acme-bakery.example"];

describe("isCommonPassword", () => {
  test.each([
    "passwordpassword",
    "Password12345678",
    "P@ssw0rd-P@ssw0rd",
    "123456789012345",
    "987654321098765",
    "qwertyuiopasdfghjkl",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv",
    "abcdefghijklmnop",
    "aaaaaaaaaaaaaaaa",
    "abcabcabcabcabcabc",
    "correct horse battery staple",
    "iloveyouforever1",
    "administrator2024",
    "latchkey-latchkey",
    "acme-bakery-2024-password",
    "ana.lopez.ana.lopez",
    "lopez!acme!bakery!",
    "пароль пароль пароль",
  ])("refuses %s", (password) => {
    expect(isCommonPassword(password, about)).toBe(true);
  });

  test.each([
    "violet harbour 7319 lantern",
    "a long sentence nobody guesses",
    "Tr0ub4dor&3-zebra-kiwi",
    "hJ7$kw0Lq!z2Vb9",
    "尖った鉛筆と青い傘と古い地図",
    "dois gatos na janela azul",
  ])("takes %s", (password) => {
    expect(isCommonPassword(password, about)).toBe(false);
  });

  test("answers soon for the longest and oddest passwords", () => {
    const start = performance.now();
    for (const part of ["a", "ab", "1234", "qwerty", "a1!"]) isCommonPassword(part.repeat(256), about);
    expect(performance.now() - start).toBeLessThan(500);
  });
});
