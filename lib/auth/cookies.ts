import { randomBytes } from "node:crypto";
import { cookies, headers } from "next/headers";
import { decode, encode } from "next-auth/jwt";
import { z } from "zod";
import { keyFor, keysFor } from "@/lib/crypto/keys";
import { Refusal } from "@/lib/domain/errors";
import { type OwnCookie, ownCookieName } from "@/lib/domain/own-cookies";
import { challengeSeconds } from "@/lib/domain/passkey";
import { secondStepSeconds } from "@/lib/domain/second-factor";
import { sessionAbsoluteSeconds } from "@/lib/domain/session";
import { pendingLinkSeconds } from "@/lib/domain/single-sign-on";
import { isSecurePage } from "./urls";

// Every cookie of ours is made here. Each purpose has a cookie of its own, so that what it holds is never taken for a
// session. Setting and deleting is for server actions and route handlers: pages can only read.

/** What session cookies are encrypted with; next-auth wants text. */
export function cookieSecret(): string {
  return keyFor("session-cookie").toString("base64");
}

/** What a cookie of ours says, under whichever key it was encrypted; null when it is altered, foreign or over. */
async function openCookie(token: string, salt = ""): Promise<unknown> {
  for (const key of keysFor("session-cookie")) {
    const claims = await decode({ token, secret: key.toString("base64"), salt }).catch(() => null);
    if (claims) return claims;
  }
  return null;
}

/** Name and attributes of a cookie of ours: for no script, for this host alone, and on https for https alone. */
export function ownCookie(cookie: OwnCookie, secure: boolean) {
  // Nobody comes from elsewhere with a question for a passkey.
  const sameSite = cookie === "passkey" ? "strict" : "lax";
  return {
    name: ownCookieName(cookie, secure),
    options: { httpOnly: true, sameSite, path: "/", secure },
  } as const;
}

/** What the browser brought, if anything. */
export async function readOwnCookie(cookie: OwnCookie): Promise<string | undefined> {
  const { name } = ownCookie(cookie, isSecurePage(await headers()));
  return (await cookies()).get(name)?.value;
}

/** Gives the browser a cookie. @param maxAge seconds */
export async function setOwnCookie(cookie: OwnCookie, value: string, maxAge: number): Promise<void> {
  const { name, options } = ownCookie(cookie, isSecurePage(await headers()));
  (await cookies()).set(name, value, { ...options, maxAge });
}

/** Deletes it; browsers do so only when all its attributes come along. */
export async function deleteOwnCookie(cookie: OwnCookie): Promise<void> {
  await setOwnCookie(cookie, "", 0);
}

const sessionClaims = z.object({
  /** The Session row. */
  sid: z.string(),
  /** Which of the session's cookies this is; none means the first. */
  gen: z.int().nonnegative().default(0),
});

/** What a session's cookie says: a row's id, and which of its cookies it is. Whether that counts, the database says. */
type SessionClaims = z.output<typeof sessionClaims>;

/** Gives the browser a session's cookie, as next-auth would write it. */
export async function writeSessionCookie(token: SessionClaims): Promise<void> {
  const value = await encode({ token, secret: cookieSecret(), maxAge: sessionAbsoluteSeconds });
  await setOwnCookie("session", value, sessionAbsoluteSeconds);
}

/** What the browser's session cookie says; null when there is none, or it is altered, foreign or over. */
export async function readSessionCookie(): Promise<SessionClaims | null> {
  const token = await readOwnCookie("session");
  const claims = token && (await openCookie(token));
  return sessionClaims.safeParse(claims).data ?? null;
}

/** Gives the browser the secret of a sign-in that waits for its second step. */
export async function keepPendingSignIn(secret: string): Promise<void> {
  await setOwnCookie("second-step", secret, secondStepSeconds);
}

/** The secret of the sign-in that waits, or null. */
export async function pendingSignIn(): Promise<string | null> {
  return (await readOwnCookie("second-step")) ?? null;
}

/** Gives the browser the secret of a sign-in at the provider that waits to be linked. */
export async function keepPendingLink(secret: string): Promise<void> {
  await setOwnCookie("link", secret, pendingLinkSeconds);
}

/** The secret of what waits to be linked, or the empty one, which names nothing. */
export async function pendingLink(): Promise<string> {
  return (await readOwnCookie("link")) ?? "";
}

/** Long enough to sign in on the way. */
const invitationSeconds = 3600;

/** Keeps the token of the invitation that was opened, so that no address of a page has to carry it. */
export async function keepInvitation(token: string): Promise<void> {
  await setOwnCookie("invitation", token, invitationSeconds);
}

/** The token of the invitation that was opened last, or null. */
export async function keptInvitation(): Promise<string | null> {
  return (await readOwnCookie("invitation")) || null;
}

const browserSecretForm = /^[\w-]{43}$/;

/**
 * The browser's secret, a new one when it has none. It ties a question for a passkey to the browser that asked: an
 * answer made elsewhere signs nobody in here.
 */
export async function keepBrowserSecret(): Promise<string> {
  const held = (await readOwnCookie("passkey")) ?? "";
  const secret = browserSecretForm.test(held) ? held : randomBytes(32).toString("base64url");
  await setOwnCookie("passkey", secret, challengeSeconds);
  return secret;
}

/**
 * The secret that the browser brought.
 *
 * @throws Refusal `passkey_unknown` when it brought none: the question is too old, or was never asked
 */
export async function browserSecret(): Promise<string> {
  const secret = (await readOwnCookie("passkey")) ?? "";
  if (!browserSecretForm.test(secret)) throw new Refusal("passkey_unknown");
  return secret;
}

/** Seconds for the way to the provider and back, as long as next-auth's own cookies of it. */
const providerSeconds = 15 * 60;

/** Keeps it apart from session cookies, which are encrypted with the same secret. */
const providerSalt = "provider-way";

const providerWay = z.object({
  /** The `state` that it left with, so that another way's answer does not count for it. */
  state: z.string().min(1),
  /** When we asked, in milliseconds since 1970. */
  asked: z.number(),
  /** The session that is to be proved by it; null for a sign-in. */
  proves: z.string().nullable(),
});

/** What we remember of one way to the provider, between leaving and coming back. */
type ProviderWay = z.output<typeof providerWay>;

/** Remembers a way to the provider in the browser, encrypted. */
export async function keepProviderWay(way: ProviderWay): Promise<void> {
  const value = await encode({
    token: way,
    secret: cookieSecret(),
    maxAge: providerSeconds,
    salt: providerSalt,
  });
  await setOwnCookie("provider", value, providerSeconds);
}

/** The way that left with this state, once: null when it was another one, took too long, or is forged. */
export async function takeProviderWay(state: string | null): Promise<ProviderWay | null> {
  const token = await readOwnCookie("provider");
  const { data } = providerWay.safeParse(token && (await openCookie(token, providerSalt)));
  if (data?.state !== state) return null;
  await deleteOwnCookie("provider");
  return data;
}
