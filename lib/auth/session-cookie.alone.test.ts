import { decode } from "next-auth/jwt";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { cookieSecret } from "./cookies";
import { signOutBrowser, startSessionCookie } from "./session-cookie";

const request = vi.hoisted(() => ({ headers: new Headers(), set: vi.fn() }));
vi.mock("next/headers", () => ({
  headers: async () => request.headers,
  cookies: async () => ({ get: () => undefined, set: request.set }),
}));

const ended = vi.hoisted(() => vi.fn());
const had = vi.hoisted(() => ({ sessionId: "of whoever was there" }));
vi.mock("./current-actor", () => ({ currentActor: async () => had, currentPerson: async () => had }));
vi.mock("@/lib/services/session/end-sessions", () => ({ signOut: ended }));
const noted = vi.hoisted(() => vi.fn());
vi.mock("@/lib/services/account/language", () => ({ noteLanguage: noted }));

const sessionId = "0193f0aa-0000-7000-8000-000000000001";
const attributes = { httpOnly: true, sameSite: "lax", path: "/" };

beforeEach(() => {
  request.headers = new Headers({ host: "latchkey.example" });
  request.set.mockReset();
  ended.mockReset();
});

describe("the session cookie", () => {
  test("comes with a note of the language that the browser asks for", async () => {
    request.headers.set("accept-language", "pt-BR,pt;q=0.9");
    await startSessionCookie(sessionId);
    expect(noted).toHaveBeenCalledWith(sessionId, "pt-BR");
  });

  test("on http is HttpOnly and SameSite=Lax", async () => {
    await startSessionCookie(sessionId);
    const options = { ...attributes, secure: false, maxAge: 30 * 24 * 3600 };
    expect(request.set).toHaveBeenCalledWith("latchkey.session", expect.any(String), options);
  });

  test("on https is Secure and bound to the host", async () => {
    request.headers.set("x-forwarded-proto", "https");
    await startSessionCookie(sessionId);
    const [name, , options] = request.set.mock.calls[0] ?? [];
    expect(name).toBe("__Host-latchkey.session");
    expect(options).toMatchObject({ ...attributes, secure: true });
    expect(options).not.toHaveProperty("domain");
  });

  test("carries the session's id and which of its cookies it is, and nothing else, encrypted", async () => {
    await startSessionCookie(sessionId);
    const value = String(request.set.mock.calls[0]?.[1]);
    expect(value).not.toContain(sessionId);
    const token = await decode({ token: value, secret: cookieSecret() });
    expect(Object.keys(token ?? {}).sort()).toEqual(["exp", "gen", "iat", "jti", "sid"]);
    expect([token?.sid, token?.gen]).toEqual([sessionId, 0]);
    await expect(decode({ token: value, secret: "another secret" })).rejects.toThrow();
  });

  test("takes the place of a session that ends before", async () => {
    ended.mockImplementationOnce(async () => expect(request.set).not.toHaveBeenCalled());
    await startSessionCookie(sessionId);
    expect(ended).toHaveBeenCalledWith(had);
  });

  test("is deleted with the attributes it was set with, and its session ended", async () => {
    request.headers.set("x-forwarded-proto", "https");
    await signOutBrowser();
    const options = { ...attributes, secure: true, maxAge: 0 };
    expect(ended).toHaveBeenCalledWith(had);
    expect(request.set).toHaveBeenCalledWith("__Host-latchkey.session", "", options);
  });
});
