import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { FakeIssuer, type Twist } from "@/test/support/fake-issuer";
import { oidcProvider, problemOf, type SignOnResult } from "./single-sign-on";

const issuer = new FakeIssuer();

vi.mock("@/lib/config", () => ({
  config: () => ({
    singleSignOn: { issuer: issuer.url, clientId: "latchkey", clientSecret: "secret", name: "Example" },
  }),
}));

/** The client that next-auth uses, made as it makes it. */
const openid = createRequire(createRequire(import.meta.url).resolve("next-auth"))("openid-client");

beforeAll(() => issuer.start());
afterAll(() => issuer.stop());

/** Brings a code back from the provider, and tells what came of it. */
async function comeBack(
  twist: Twist,
  brought: object = {},
  asked: Date | null = null,
): Promise<SignOnResult> {
  issuer.twist = twist;
  const result: SignOnResult = { identity: null, problem: "failed" };
  const provider = oidcProvider(result, { asked });
  if (!provider || typeof provider.token !== "object") throw new Error("no provider");
  const { Client } = await openid.Issuer.discover(provider.wellKnown);
  const callbackUrl = "https://latchkey.example.com/api/auth/callback/oidc";
  const client = new Client({ client_id: provider.clientId, client_secret: provider.clientSecret });
  const back = {
    client,
    provider: { ...provider, callbackUrl },
    params: { code: "c", state: "sent", ...brought },
    checks: { state: "sent", nonce: "sent", code_verifier: "v" },
  };
  await Promise.resolve(provider.token.request?.(back as never)).catch(() => {});
  return result;
}

describe("the word of a provider", () => {
  test("counts when all of it is right; the address may come from the user-info endpoint", async () => {
    const { identity } = await comeBack({ userinfo: { email_verified: true } });
    expect(identity).toEqual({
      issuer: issuer.url,
      subject: "7",
      email: "ana@example.com",
      emailVerified: true,
      presentAt: null,
      severalFactors: false,
    });
    const direct = await comeBack({ claims: { email: "bea@example.com", amr: ["mfa"] } });
    expect(direct.identity).toMatchObject({
      email: "bea@example.com",
      emailVerified: false,
      severalFactors: false,
    });
  });

  test("says when and how the person signed in by the ID token alone, and only since we asked", async () => {
    const asked = new Date();
    const told = { auth_time: Math.floor(asked.getTime() / 1000), amr: ["mfa"] };
    const present = await comeBack({ claims: told }, {}, asked);
    expect(present.identity).toMatchObject({ presentAt: expect.any(Date), severalFactors: true });
    const elsewhere = await comeBack({ userinfo: told }, {}, asked);
    expect(elsewhere.identity).toMatchObject({ presentAt: null, severalFactors: false });
    const remembered = await comeBack({ claims: { ...told, auth_time: told.auth_time - 3600 } }, {}, asked);
    expect(remembered.identity).toMatchObject({ presentAt: null, severalFactors: false });
  });

  const long = 3600;
  const now = Math.floor(Date.now() / 1000);
  test.each<[string, Twist, string]>([
    ["another nonce", { claims: { nonce: "other" } }, "failed"],
    ["no nonce", { claims: { nonce: undefined } }, "failed"],
    ["another audience", { claims: { aud: "somebody" } }, "failed"],
    ["another issuer", { claims: { iss: "https://evil.example" } }, "failed"],
    ["somebody else's signature", { forged: true }, "failed"],
    ["times long gone, as by a slow clock", { claims: { iat: now - 2 * long, exp: now - long } }, "clock"],
    ["times to come, as by a fast clock", { claims: { nbf: now + long, exp: now + 2 * long } }, "clock"],
    ["another person at the user-info endpoint", { userinfo: { sub: "8" } }, "failed"],
    ["a code that is expired or used", { answer: [400, { error: "invalid_grant" }] }, "failed"],
    ["a failure of its own", { answer: [500, { error: "server_error" }] }, "unavailable"],
    ["no ID token", { answer: [200, { access_token: "a", token_type: "Bearer" }] }, "failed"],
  ])("counts nothing with %s", async (_what, twist, problem) => {
    expect(await comeBack(twist)).toMatchObject({ identity: null, problem, kind: expect.any(String) });
  });

  test("counts nothing when the browser brings another state, or none", async () => {
    for (const state of ["other", undefined]) {
      expect(await comeBack({}, { state })).toMatchObject({ identity: null, problem: "failed" });
    }
  });
});

const failure = (facts: object) => Object.assign(new Error("state=secret"), facts);

test.each([
  [failure({ code: "ECONNREFUSED" }), "unavailable"],
  [failure({ code: "ETIMEDOUT" }), "unavailable"],
  [failure({ code: "ERR_INVALID_URL" }), "failed"],
  ["text", "failed"],
])("%s is told as: %s", (error, problem) => {
  expect(problemOf(error)).toBe(problem);
});
