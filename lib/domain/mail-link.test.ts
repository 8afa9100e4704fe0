import { expect, test } from "vitest";
import { mailLinkPath, mailLinkToken } from "./mail";

test("a token is in the fragment, which browsers send to no server", () => {
  const path = mailLinkPath("reset_password", "abc");
  const url = new URL(path, "https://latchkey.example.com");
  expect([url.pathname, url.search, url.hash]).toEqual(["/reset-password", "", "#abc"]);
});

test.each([
  ["abc", "abc"],
  [" abc\n", "abc"],
  ["https://latchkey.example.com/reset-password#abc", "abc"],
  ["", ""],
])("of %j the token is %j", (text, token) => {
  expect(mailLinkToken(text)).toBe(token);
});
