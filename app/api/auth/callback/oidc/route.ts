import type { NextRequest } from "next/server";
import { keepPendingLink } from "@/lib/auth/cookies";
import { currentActor } from "@/lib/auth/current-actor";
import { log, logSignOnProblem } from "@/lib/auth/log";
import { originOf } from "@/lib/auth/origin";
import { continueSignIn, renewSessionCookie } from "@/lib/auth/session-cookie";
import { finishProviderSignIn, type ProviderReturn } from "@/lib/auth/single-sign-on";
import { loginPath, returnPath } from "@/lib/auth/urls";
import type { SignOnProblem } from "@/lib/domain/single-sign-on";
import { proveWithIdentity, signInWithIdentity } from "@/lib/services/identities/sign-in-with-identity";

/**
 * Where a browser goes that comes back from the provider: in, on to a further step, or back with a word why. No other
 * endpoint of next-auth is reachable: we call it ourselves, and sign in and out by actions of our own.
 */
export async function GET(request: NextRequest): Promise<Response> {
  const back = await finishProviderSignIn(request);
  const headers = new Headers({ location: await next(back, request), "cache-control": "no-store" });
  for (const cookie of back.setCookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}

async function next(
  { identity, problem, kind, wanted, proves }: ProviderReturn,
  request: NextRequest,
): Promise<string> {
  const origin = originOf(request.headers);
  const backWith = (sso: SignOnProblem) => {
    logSignOnProblem(sso, kind, request.headers);
    return loginPath(proves === null ? "/login" : "/prove", wanted, { sso });
  };
  if (!identity) return backWith(problem);
  try {
    if (proves !== null) {
      const actor = await currentActor();
      // Whoever signed out, or in as somebody else, on the way.
      if (actor?.sessionId !== proves) return backWith("failed");
      const lacking = await proveWithIdentity(actor, identity);
      if (lacking) return backWith(lacking);
      await renewSessionCookie(actor);
      return returnPath(wanted);
    }
    const outcome = await signInWithIdentity(identity, origin);
    if (outcome.step === "refused") return backWith(outcome.problem);
    if (outcome.step !== "link") return await continueSignIn(outcome, wanted);
    await keepPendingLink(outcome.pending);
    return loginPath("/link", wanted);
  } catch (error) {
    log().error({ err: error }, "single sign-on failed");
    return backWith("failed");
  }
}
