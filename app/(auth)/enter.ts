import { redirect } from "next/navigation";
import { clearPendingSignIn, keepPendingSignIn } from "@/lib/auth/second-step-cookie";
import { startSessionCookie } from "@/lib/auth/session-cookie";
import type { SignInOutcome } from "@/lib/services/session/sign-in";
import { loginPath, returnPath } from "./return-path";

/**
 * Goes on after one of the steps of a sign-in: in, with a session cookie, or to the second step, with a cookie
 * that opens nothing else. For server actions and route handlers.
 *
 * @param wanted the page that was wanted, as the request says it
 * @returns the path to go to
 */
export async function admit(outcome: SignInOutcome, wanted: unknown): Promise<string> {
  if (outcome.step === "second") {
    await keepPendingSignIn(outcome.pending);
    return loginPath("/login/second-step", wanted);
  }
  await startSessionCookie(outcome.sessionId);
  await clearPendingSignIn();
  return returnPath(wanted);
}

/** The same, for forms that work before JavaScript: ends with a redirect. */
export async function enter(outcome: SignInOutcome, wanted: unknown): Promise<never> {
  redirect(await admit(outcome, wanted));
}
