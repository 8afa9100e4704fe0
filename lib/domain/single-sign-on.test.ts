import { describe, expect, test } from "vitest";
import { identityIn, signOnProblemIn } from "./single-sign-on";

const issuer = "https://id.example.com";
const now = new Date("2026-11-29T11:00:00Z");
const seconds = now.getTime() / 1000;
const asked = new Date(now.getTime() - 60_000);
const claims = { iss: issuer, sub: "7", email: "ana@example.com", email_verified: true };

describe("who is there, by the claims of a provider", () => {
  test("is the subject at the configured issuer, whose trailing slash says nothing", () => {
    const identity = {
      issuer,
      subject: "7",
      email: "ana@example.com",
      emailVerified: true,
      presentAt: null,
      severalFactors: false,
    };
    expect(identityIn(claims, issuer, asked, now)).toEqual(identity);
    expect(identityIn({ ...claims, iss: `${issuer}/` }, issuer, asked, now)).toEqual(identity);
    expect(identityIn(claims, `${issuer}/`, asked, now)).toEqual(identity);
  });

  test.each([
    { iss: "https://evil.example" },
    { iss: `${issuer}.evil.example` },
    { iss: undefined },
    { sub: undefined },
    { sub: "" },
    { sub: 7 },
    { sub: "a\0b" },
    { sub: "x".repeat(256) },
  ])("is nobody with %j", (wrong) => {
    expect(identityIn({ ...claims, ...wrong }, issuer, asked, now)).toBeNull();
  });

  test.each([
    [true, true],
    ["true", true],
    [false, false],
    ["false", false],
    [1, false],
    [undefined, false],
  ])("an address is verified only when the provider says so: %j", (said, verified) => {
    expect(identityIn({ ...claims, email_verified: said }, issuer, asked, now)?.emailVerified).toBe(verified);
  });

  test.each([undefined, 7, ["ana@example.com"], "", "a\0@example.com"])("%j is no address", (email) => {
    expect(identityIn({ ...claims, email }, issuer, asked, now)?.email).toBeNull();
  });

  test.each([
    [["pwd", "mfa"], true],
    [["pwd", "otp"], false],
    ["mfa", false],
    [undefined, false],
  ])("several factors are those the provider vouches for: %j", (amr, several) => {
    expect(identityIn({ ...claims, amr, auth_time: seconds }, issuer, asked, now)?.severalFactors).toBe(
      several,
    );
  });
});

describe("presence", () => {
  test.each<[string, unknown, Date | null]>([
    ["since we asked, within the minute", seconds, now],
    ["as the clocks differ, a little before we asked", seconds - 60 - 9, new Date(now.getTime() - 69_000)],
    ["as the clocks differ, a little from now", seconds + 9, now],
    ["before we asked: the provider remembers somebody", seconds - 60 - 11, null],
    ["in the time to come", seconds + 11, null],
    ["by no word of the provider", undefined, null],
    ["as text", String(seconds), null],
    ["as no number", Number.NaN, null],
  ])("is what auth_time says, and no session at a provider: %s", (_what, at, presentAt) => {
    const identity = identityIn({ ...claims, amr: ["mfa"], auth_time: at }, issuer, asked, now);
    expect(identity).toMatchObject({ presentAt, severalFactors: presentAt !== null });
  });

  test("is none where it is not known when we asked", () => {
    const told = { ...claims, amr: ["mfa"], auth_time: seconds };
    expect(identityIn(told, issuer, null, now)).toMatchObject({ presentAt: null, severalFactors: false });
  });
});

test("only problems with a sentence are told", () => {
  expect(signOnProblemIn("denied")).toBe("denied");
  for (const other of ["<b>", undefined, ["denied"]]) expect(signOnProblemIn(other)).toBeUndefined();
});
