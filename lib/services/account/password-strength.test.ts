import { describe, expect, test } from "vitest";
import { isCommonPassword } from "./password-rules";

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
