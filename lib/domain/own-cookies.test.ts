import { describe, expect, test } from "vitest";
import { ownCookieName, ownCookieNames, setsOwnCookie, withoutOwnCookies } from "./own-cookies";

const names = [
  ...ownCookieNames.flatMap((cookie) => [ownCookieName(cookie, false), ownCookieName(cookie, true)]),
  "latchkey.session.0",
  "LATCHKEY.session",
  "__host-latchkey.session",
  "next-auth.csrf-token",
  "__Host-next-auth.csrf-token",
  "__Secure-next-auth.state",
  "next-auth.session-token",
];

describe.each(names)("%s", (name) => {
  test.each([
    `${name}=s`,
    `a=1; ${name}=s; b=2`,
    `${name}=s;a=1`,
    `a=1;${name}=s`,
    `a=1;\t ${name} =s`,
    `a=1; =${name}=s`,
    `a=1; "${name}"=s`,
    `a=1, ${name}=s`,
    `$Version=1; ${name}="s"; $Path=/`,
    `${name}=s; ${name}=s; ${name}`,
  ])("does not pass in %s", (line) => {
    expect(withoutOwnCookies(line) ?? "").not.toMatch(/latchkey|next-auth|=s/i);
  });

  test.each([`${name}=s`, ` ${name} = s; Path=/`, `=${name}=s`, `a=1, ${name}=s; Path=/`])(
    "is not set by %s",
    (line) => expect(setsOwnCookie(line)).toBe(true),
  );
});

test("nothing is left of a line that holds only cookies of ours", () => {
  expect(withoutOwnCookies("latchkey.session=s; latchkey.theme=dark")).toBeNull();
});

test.each([
  "a=1; b=2",
  "a=1;b=2 ; ;c",
  "",
  'app="x,y"; latchkeys=1',
  "my-latchkey.session=1; from=latchkey.example",
])("other cookies pass byte for byte: %s", (line) => {
  expect(withoutOwnCookies(line)).toBe(line);
  expect(setsOwnCookie(line)).toBe(false);
});
