import { createHash, randomBytes } from "node:crypto";
import { cookies } from "next/headers";
import { NextRequest } from "next/server";
import NextAuth, { type AuthOptions } from "next-auth";
import { cookieSecret } from "./cookie-secret";
import { oidcProvider, providerId, type SignOnResult } from "./oidc-provider";
import { authOptions } from "./options";
import { isSecurePage, pageOrigin } from "./page-origin";
import { keepProviderWay, takeProviderWay } from "./provider-cookie";
import { sameOriginUrl } from "./same-origin";

/** What next-auth answered: where it sends the browser, and the cookies it sets. */
interface Answer {
  readonly location: string;
  readonly setCookies: readonly string[];
}

/** next-auth's token against forged forms, made by us: whoever calls has made sure that the form is ours. */
async function plantCsrfToken(secure: boolean): Promise<string> {
  const csrfToken = randomBytes(32).toString("hex");
  const seal = createHash("sha256").update(`${csrfToken}${cookieSecret()}`).digest("hex");
  const name = `${secure ? "__Host-" : ""}next-auth.csrf-token`;
  const attributes = { httpOnly: true, sameSite: "lax", path: "/", secure } as const;
  (await cookies()).set(name, `${csrfToken}|${seal}`, attributes);
  return csrfToken;
}

async function ask(request: NextRequest, action: string, options: AuthOptions): Promise<Answer> {
  const context = { params: Promise.resolve({ nextauth: [action, providerId] }) };
  const response: Response = await NextAuth(request, context, options);
  return {
    location: response.headers.get("location") ?? "",
    setCookies: response.headers.getSetCookie(),
  };
}

/**
 * Begins a sign-in at the provider: its address with state, nonce and PKCE challenge, and the cookies that the
 * way back is checked against. For route handlers that have made sure that the request comes from our own page.
 *
 * @param wanted path to go to in the end, on our own origin
 * @param proves the session that is to be proved by signing in there once more; null for a sign-in
 * @returns null when the provider cannot be reached, or there is none
 */
export async function startProviderSignIn(
  headers: Headers,
  wanted: string,
  proves: string | null,
): Promise<Answer | null> {
  const asked = Date.now();
  const provider = oidcProvider({ identity: null, problem: "failed" }, { proves: proves !== null });
  if (!provider) return null;
  const options = authOptions(headers);
  const csrfToken = await plantCsrfToken(isSecurePage(headers));
  const origin = pageOrigin(headers);
  const request = new NextRequest(`${origin}/api/auth/signin/${providerId}`, {
    method: "POST",
    body: new URLSearchParams({ csrfToken, callbackUrl: origin + wanted }),
  });
  const answer = await ask(request, "signin", { ...options, providers: [provider] });
  if (answer.location.startsWith(`${origin}/`)) return null;
  const state = new URL(answer.location).searchParams.get("state") ?? "";
  await keepProviderWay({ state, asked, proves });
  return answer;
}

/** How a sign-in at the provider came back. */
export interface ProviderReturn extends SignOnResult {
  /** Path that was wanted when it began. */
  readonly wanted: string;
  /** The session that was to be proved; null for a sign-in. */
  readonly proves: string | null;
  readonly setCookies: readonly string[];
}

/** What a provider writes when the person, or its own rules, said no (OAuth 2.0, OpenID Connect Core §3.1.2.6). */
const denials = /^(?:access_denied|consent_required|interaction_required|login_required)$/;

/**
 * Checks what a browser brings back from the provider: that it left from here, and the provider's word. Makes
 * no session.
 */
export async function finishProviderSignIn(request: NextRequest): Promise<ProviderReturn> {
  const denied = denials.test(request.nextUrl.searchParams.get("error") ?? "");
  const result: SignOnResult = { identity: null, problem: denied ? "denied" : "failed" };
  const way = await takeProviderWay(request.nextUrl.searchParams.get("state"));
  const proves = way?.proves ?? null;
  const provider = oidcProvider(result, { asked: way && new Date(way.asked) });
  const options = authOptions(request.headers);
  let wanted = "";
  // Without the cookies of its beginning nothing can come of it: strangers must not make us ask the provider.
  if (!provider || !request.cookies.getAll().some(({ name }) => name.endsWith("next-auth.state"))) {
    return { ...result, wanted, proves, setCookies: [] };
  }
  const { setCookies } = await ask(request, "callback", {
    ...options,
    providers: [provider],
    callbacks: {
      ...options.callbacks,
      redirect({ url, baseUrl }) {
        const { pathname, search } = new URL(sameOriginUrl(url, baseUrl));
        wanted = pathname === "/" ? "" : pathname + search;
        return baseUrl;
      },
      // Our own use case decides, outside of next-auth, whose error pages would otherwise show.
      signIn: () => "/login",
    },
  });
  return { ...result, wanted, proves, setCookies };
}
