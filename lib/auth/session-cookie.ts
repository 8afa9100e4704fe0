import { encode } from "next-auth/jwt";
import type { Actor } from "@/lib/domain/actor";
import { sessionAbsoluteSeconds } from "@/lib/domain/session";
import { nextGeneration } from "@/lib/services/session/session";
import { cookieSecret } from "./cookie-secret";
import { endBrowserSession } from "./end-browser-session";
import { deleteOwnCookie, setOwnCookie } from "./own-cookies";

/**
 * Writes the session cookie, equal to the one next-auth writes, and ends the session that the browser had: nobody
 * can go on with it, least of all whoever planted it. For server actions and route handlers.
 */
export async function startSessionCookie(sessionId: string): Promise<void> {
  await endBrowserSession();
  await writeSessionCookie(sessionId, 0);
}

/**
 * Gives the browser that has just proved who acts a new cookie for its session; the one it had ends soon. For server
 * actions and route handlers.
 *
 * @throws Refusal `unauthenticated` when the session is over
 */
export async function renewSessionCookie(actor: Actor): Promise<void> {
  await writeSessionCookie(actor.sessionId, await nextGeneration(actor));
}

async function writeSessionCookie(sessionId: string, generation: number): Promise<void> {
  const value = await encode({
    token: { sid: sessionId, gen: generation },
    secret: cookieSecret(),
    maxAge: sessionAbsoluteSeconds,
  });
  await setOwnCookie("session", value, sessionAbsoluteSeconds);
}

/** Deletes the session cookie. The session itself is ended by the use case `signOut`. */
export async function clearSessionCookie(): Promise<void> {
  await deleteOwnCookie("session");
}
