import { describe, expect, test } from "vitest";
import { identityIn, signOnProblemIn } from "./single-sign-on";

const issuer = "https://id.example.com";
const claims = { iss: issuer, sub: "7", email: "ana@example.com", email_verified: true };

describe("who is there, by the claims of a provider", () => {
  test("is the subject at the configured issuer, whose trailing slash says nothing", () => {
    const identity = {
      issuer,
      subject: "7",
      email: "ana@example.com",
      emailVerified: true,
      severalFactors: false,
    };
    expect(identityIn(claims, issuer)).toEqual(identity);
    expect(identityIn({ ...claims, iss: `${issuer}/` }, issuer)).toEqual(identity);
    expect(identityIn(claims, `${issuer}/`)).toEqual(identity);
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
    expect(identityIn({ ...claims, ...wrong }, issuer)).toBeNull();
  });

  test.each([
    [true, true],
    ["true", true],
    [false, false],
    ["false", false],
    [1, false],
    [undefined, false],
  ])("an address is verified only when the provider says so: %j", (said, verified) => {
    expect(identityIn({ ...claims, email_verified: said }, issuer)?.emailVerified).toBe(verified);
  });

  test.each([undefined, 7, ["ana@example.com"], "", "a\0@example.com"])("%j is no address", (email) => {
    expect(identityIn({ ...claims, email }, issuer)?.email).toBeNull();
  });

  test.each([
    [["pwd", "mfa"], true],
    [["pwd", "otp"], false],
    ["mfa", false],
    [undefined, false],
  ])("several factors are those the provider vouches for: %j", (amr, several) => {
    expect(identityIn({ ...claims, amr }, issuer)?.severalFactors).toBe(several);
  });
});

test("only problems with a sentence are told", () => {
  expect(signOnProblemIn("denied")).toBe("denied");
  for (const other of ["<b>", undefined, ["denied"]]) expect(signOnProblemIn(other)).toBeUndefined();
});
