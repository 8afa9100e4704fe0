import { expect, test } from "vitest";
import { refusedWith } from "@/test/support/accounts";
import { parse } from "../parse";
import { emailSchema } from "./email-address";

const check = async (text: string) => parse(emailSchema, text);

test.each([
  [" Ana@Example.COM ", "ana@example.com"],
  ["JOSE\u0301@example.com", "jos\u00e9@example.com"],
  ["a+b.c@sub.example.co", "a+b.c@sub.example.co"],
])("%j is kept as %j", async (typed, kept) => {
  expect(await check(typed)).toBe(kept);
});

test.each(["ana", "ana@", "@example.com", "a b@example.com", "ana@example", "a@b@c.com", "a\0b@example.com"])(
  "%j is none",
  async (typed) => {
    expect(await refusedWith(check(typed))).toBe("invalid :email_invalid");
  },
);

test.each([
  "a@example.com>,<b",
  "a,b@example.com",
  "<ana@example.com",
  "a;b@example.com",
  "a@exa\r\nBcc: b.com",
])("%j would say something else in the header of a mail", async (typed) => {
  expect(await refusedWith(check(typed))).toBe("invalid :email_invalid");
});

test("is given, and not endless", async () => {
  expect(await refusedWith(check("  "))).toBe("invalid :required");
  expect(await refusedWith(check(`${"a".repeat(250)}@example.com`))).toBe("invalid :too_long");
});
