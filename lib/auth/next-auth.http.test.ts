import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import {
  freshOrigin,
  makeAccount,
  makeMember,
  signInAgain,
  testPassword,
} from "@/lib/services/testing/actors";
import { passFirstStep, setUpTotp } from "@/lib/services/testing/two-step";

const base = new URL(process.env.LATCHKEY_TEST_URL ?? "http://127.0.0.1:3000").origin;

/** A browser as far as next-auth's endpoints need one: it keeps cookies and follows no redirects. */
class Browser {
  readonly cookies = new Map<string, string>();
  readonly address = freshOrigin().address;

  async open(path: string, form?: Record<string, string>): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(`${base}/api/auth/${path}`, {
      redirect: "manual",
      headers: { cookie, "x-forwarded-for": this.address },
      ...(form && { method: "POST", body: new URLSearchParams(form) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "") this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  async post(path: string, form: Record<string, string>): Promise<Response> {
    const { csrfToken } = (await (await this.open("csrf")).json()) as { csrfToken: string };
    return this.open(path, { csrfToken, ...form });
  }

  async session(): Promise<unknown> {
    return (await this.open("session")).json();
  }
}

let browser: Browser;
let email: string;

beforeEach(async () => {
  browser = new Browser();
  ({ email } = await makeMember(await makeAccount(), "owner"));
});

const signIn = (form: Record<string, string> = {}) =>
  browser.post("callback/credentials", { email, password: testPassword, ...form });

describe("next-auth's endpoints", () => {
  afterAll(() => pool().end());

  test("sign in by the same use case, with an HttpOnly cookie that tells nothing", async () => {
    const response = await signIn({ callbackUrl: "/overview" });
    expect(response.status).toBe(302);
    expect(response.headers.get("location")).toBe(`${base}/overview`);
    const line = response.headers.getSetCookie().find((one) => one.startsWith("latchkey.session="));
    expect(line).toMatch(/; Path=\/; .*HttpOnly; SameSite=Lax$/);
    const session = await browser.session();
    expect(session).toEqual({ expires: expect.any(String), user: { email } });
  });

  test("a wrong password gives no session, and no reason", async () => {
    const response = await signIn({ password: "not the right password at all" });
    expect(response.headers.get("location")).toBe(
      `${base}/api/auth/error?error=CredentialsSignin&provider=credentials`,
    );
    expect(browser.cookies.has("latchkey.session")).toBe(false);
  });

  test("say that signing in is a POST", async () => {
    const response = await browser.open("callback/credentials?email=a&password=b");
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  test("are no way around the second step: the right password alone gives no session", async () => {
    const member = await db.user.findUniqueOrThrow({ where: { email } });
    await setUpTotp(await signInAgain(email));
    const sessions = () => db.session.count({ where: { userId: member.id } });
    const before = await sessions();
    const response = await signIn({ callbackUrl: "/overview", code: "000000" });
    expect(response.headers.get("location")).toContain("/api/auth/error");
    expect([...browser.cookies.keys()].filter((name) => /session|second-step/.test(name))).toEqual([]);
    expect(await browser.session()).toEqual({});
    expect(await sessions()).toBe(before);
  });

  test("take what waits for a second step for no session", async () => {
    await setUpTotp(await signInAgain(email));
    browser.cookies.set("latchkey.session", await passFirstStep(email, freshOrigin()));
    expect(await browser.session()).toEqual({});
  });

  test("nothing happens without the CSRF token", async () => {
    await browser.open("callback/credentials", { email, password: testPassword });
    expect(browser.cookies.has("latchkey.session")).toBe(false);
  });

  test("signing out kills the session, not only the cookie", async () => {
    await signIn();
    const stolen = new Map(browser.cookies);
    await browser.post("signout", {});
    expect(browser.cookies.has("latchkey.session")).toBe(false);
    for (const [name, value] of stolen) browser.cookies.set(name, value);
    expect(await browser.session()).not.toHaveProperty("user");
  });

  test("an altered or foreign cookie is nobody", async () => {
    for (const value of ["x", "eyJhbGciOiJub25lIn0.eyJzaWQiOiIxIn0."]) {
      browser.cookies.set("latchkey.session", value);
      expect(await browser.session()).toEqual({});
    }
  });

  test.each(["https://evil.example/", "//evil.example/", "/\\evil.example"])(
    "never leads to %s",
    async (callbackUrl) => {
      const location = (await signIn({ callbackUrl })).headers.get("location") ?? "";
      expect(new URL(location).origin).toBe(base);
    },
  );
});
