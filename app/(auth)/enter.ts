import { redirect } from "next/navigation";
import { clearPendingSignIn, keepPendingSignIn } from "@/lib/auth/second-step-cookie";
import { startSessionCookie } from "@/lib/auth/session-cookie";
import type { SignInOutcome } from "@/lib/services/session/complete-sign-in";
import { loginPath, returnPath } from "./return-path";

/**
 * Where a sign-in goes on after one of its steps: in, with a session cookie, or to the second step, with a
 * cookie that opens nothing else. For server actions and route handlers; ends with a redirect.
 *
 * @param wanted the page that was wanted, as the request says it
 */
export async function enter(outcome: SignInOutcome, wanted: unknown): Promise<never> {
  if (outcome.step === "second") {
    await keepPendingSignIn(outcome.pending);
    redirect(loginPath("/login/second-step", wanted));
  }
  await startSessionCookie(outcome.sessionId);
  await clearPendingSignIn();
  redirect(returnPath(wanted));
}
