import { cookies, headers } from "next/headers";
import { type OwnCookie, ownCookieName } from "@/lib/domain/own-cookies";
import { isSecurePage } from "./page-origin";

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

/** Gives the browser a cookie. For server actions and route handlers. @param maxAge seconds */
export async function setOwnCookie(cookie: OwnCookie, value: string, maxAge: number): Promise<void> {
  const { name, options } = ownCookie(cookie, isSecurePage(await headers()));
  (await cookies()).set(name, value, { ...options, maxAge });
}

/** Deletes it; browsers do so only when all its attributes come along. For server actions and route handlers. */
export async function deleteOwnCookie(cookie: OwnCookie): Promise<void> {
  await setOwnCookie(cookie, "", 0);
}
