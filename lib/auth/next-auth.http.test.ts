import { describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import {
  freshOrigin,
  makeAccount,
  makeActor,
  makeMember,
  signInAgain,
  testPassword,
} from "@/test/support/accounts";
import { base, callAction, cookieOf } from "@/test/support/browser-request";
import { builtActions } from "@/test/support/built-actions";
import { passFirstStep, setUpTotp } from "@/test/support/second-factors";

const ask = (path: string, init: RequestInit = {}) => fetch(base + path, { redirect: "manual", ...init });

/** True when these cookies are somebody's who is signed in. */
const isSignedIn = async (cookie: string) => (await ask("/settings", { headers: { cookie } })).status === 200;

describe("next-auth's endpoints", () => {
  const endpoints = [
    "",
    "/signin",
    "/signin/oidc",
    "/signin/credentials",
    "/signout",
    "/error",
    "/error?error=Configuration",
    "/verify-request",
    "/providers",
    "/csrf",
    "/session",
    "/callback",
    "/callback/credentials",
    "/callback/nobody",
    "/callback/oidc/x",
    "/_log",
  ];

  test.each(endpoints)("/api/auth%s is not there, for whatever method", async (endpoint) => {
    const cookie = await cookieOf(await makeActor());
    for (const method of ["GET", "POST", "HEAD", "PUT"]) {
      const response = await ask(`/api/auth${endpoint}`, { method, headers: { cookie, origin: base } });
      expect([method, response.status]).toEqual([method, 404]);
      expect(response.headers.getSetCookie()).toEqual([]);
    }
    expect(await isSignedIn(cookie)).toBe(true);
  });

  test("are no way around the second step: the right password alone gives no session", async () => {
    const { email, userId } = await makeMember(await makeAccount(), "owner");
    await setUpTotp(await signInAgain(email));
    const sessions = () => db.session.count({ where: { userId } });
    const before = await sessions();
    const body = new URLSearchParams({ email, password: testPassword, json: "true" });
    const headers = { origin: base };
    const response = await ask("/api/auth/callback/credentials", { method: "POST", headers, body });
    expect([response.status, response.headers.getSetCookie()]).toEqual([404, []]);
    expect(await sessions()).toBe(before);
  });

  test("the way back from a provider takes only what began here", async () => {
    const response = await ask("/api/auth/callback/oidc?code=stolen&state=forged");
    expect([response.status, response.headers.getSetCookie()]).toEqual([303, []]);
    expect(response.headers.get("location")).toMatch(/^\/login\?sso=failed$/);
    expect((await ask("/api/auth/callback/oidc", { method: "POST" })).status).toBe(405);
  });
});

describe("a session's cookie", () => {
  test("that is altered or foreign is nobody", async () => {
    for (const value of ["x", "eyJhbGciOiJub25lIn0.eyJzaWQiOiIxIn0."]) {
      expect(await isSignedIn(`latchkey.session=${value}`)).toBe(false);
    }
  });

  test("is nothing that waits for a second step", async () => {
    const { email } = await makeMember(await makeAccount(), "owner");
    await setUpTotp(await signInAgain(email));
    expect(await isSignedIn(`latchkey.session=${await passFirstStep(email, freshOrigin())}`)).toBe(false);
  });

  test("is worth nothing after signing out, whoever kept it", async () => {
    const cookie = await cookieOf(await makeActor());
    expect(await isSignedIn(cookie)).toBe(true);
    const action = builtActions().find(({ name }) => name === "signOutAction");
    if (!action) throw new Error("no action signOutAction");
    const response = await callAction(action, { cookie });
    expect(response.headers.getSetCookie().join()).toMatch(/latchkey\.session=;/);
    expect(await isSignedIn(cookie)).toBe(false);
  });
});
