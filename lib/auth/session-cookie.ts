import type { Actor } from "@/lib/domain/actor";
import { noteLanguage } from "@/lib/services/account/language";
import { endOwnSession, signOut } from "@/lib/services/session/end-sessions";
import { nextGeneration } from "@/lib/services/session/session";
import type { SignInOutcome } from "@/lib/services/session/sign-in";
import { deleteOwnCookie, keepPendingSignIn, writeSessionCookie } from "./cookies";
import { currentActor, currentPerson } from "./current-actor";
import { browserLanguage } from "./request-words";
import { loginPath, returnPath } from "./urls";

// How the browser's session begins, is renewed and ends. For server actions and route handlers.

/**
 * Goes on after one of the steps of a sign-in: in, with a session cookie, or to the second step, with a cookie
 * that opens nothing else.
 *
 * @param wanted the page that was wanted, as the request says it
 * @returns the path to go to
 */
export async function continueSignIn(outcome: SignInOutcome, wanted: unknown): Promise<string> {
  if (outcome.step === "second") {
    await keepPendingSignIn(outcome.pending);
    return loginPath("/login/second-step", wanted);
  }
  await startSessionCookie(outcome.sessionId);
  await deleteOwnCookie("second-step");
  return returnPath(wanted);
}

/**
 * Writes the session cookie, equal to the one next-auth writes, and ends the session that the browser had: nobody
 * can go on with it, least of all whoever planted it. Mails to its person are written in the language of this page.
 */
export async function startSessionCookie(sessionId: string): Promise<void> {
  await endBrowserSession();
  await noteLanguage(sessionId, await browserLanguage());
  await writeSessionCookie({ sid: sessionId, gen: 0 });
}

/**
 * Gives the browser that has just proved who acts a new cookie for its session; the one it had ends soon.
 *
 * @throws Refusal `unauthenticated` when the session is over
 */
export async function renewSessionCookie(actor: Actor): Promise<void> {
  await writeSessionCookie({ sid: actor.sessionId, gen: await nextGeneration(actor) });
}

/** Ends the session that this browser has, also one that is in no account, and deletes its cookie. */
export async function signOutBrowser(): Promise<void> {
  await endBrowserSession();
  await deleteOwnCookie("session");
}

/** Having no session is as good. */
async function endBrowserSession(): Promise<void> {
  const actor = await currentActor();
  const person = await currentPerson();
  if (actor) await signOut(actor);
  else if (person) await endOwnSession(person);
}
