import { createHash, randomBytes } from "node:crypto";
import { cookies } from "next/headers";
import { NextRequest } from "next/server";
import NextAuth, { type AuthOptions } from "next-auth";
import type { OAuthConfig } from "next-auth/providers/oauth";
import { config } from "@/lib/config";
import { sessionAbsoluteSeconds } from "@/lib/domain/session";
import { identityIn, type ProviderIdentity, type SignOnProblem } from "@/lib/domain/single-sign-on";
import { cookieSecret, keepProviderWay, takeProviderWay } from "./cookies";
import { authOptions } from "./next-auth";
import { isSecurePage, pageOrigin, sameOriginUrl } from "./urls";

/** What next-auth calls the provider; part of the address that people are sent back to. */
const providerId = "oidc";

/** Milliseconds that the provider has for each answer. */
const patience = 10_000;

/** Asks the provider for the person, not for its memory of them (OpenID Connect Core 1.0 §3.1.2.1). */
const presence = { prompt: "login", max_age: 0 } as const;

/** Any maximum makes a provider tell when the person signed in; no session here lasts longer than this one. */
const remembered = { max_age: sessionAbsoluteSeconds } as const;

/** What became of one sign-in at the provider. */
export interface SignOnResult {
  identity: ProviderIdentity | null;
  problem: SignOnProblem;
  /** What sort of failure it was, for the log; never a message: those repeat what was sent. */
  kind?: string;
}

/** Name of the provider as people know it, or null when single sign-on is off. */
export function providerName(): string | null {
  return config().singleSignOn?.name ?? null;
}

/** Which of our sentences fits what the provider, the way to it or the check of its word came to. */
export function problemOf(error: unknown): SignOnProblem {
  if (!(error instanceof Error)) return "failed";
  const { code, error: answer, now } = error as Error & { code?: unknown; error?: unknown; now?: unknown };
  if (typeof now === "number") return "clock";
  if (answer === "temporarily_unavailable" || answer === "server_error") return "unavailable";
  return typeof code === "string" && /^E[A-Z]+$/.test(code) ? "unavailable" : "failed";
}

/**
 * The configured OpenID Connect provider for next-auth, for one request; null when there is none. PKCE, state
 * and nonce are checked; so are the ID token's signature, issuer, audience and times.
 *
 * @param result is told who is there, or what went wrong
 * @param way `proves`: the person is to sign in there once more, whoever the provider remembers. `asked`: when the way
 *   began that now comes back
 */
export function oidcProvider(
  result: SignOnResult,
  { proves = false, asked = null }: { readonly proves?: boolean; readonly asked?: Date | null } = {},
): OAuthConfig<Record<string, unknown>> | null {
  const settings = config().singleSignOn;
  if (!settings) return null;
  return {
    id: providerId,
    name: settings.name,
    type: "oauth",
    wellKnown: `${settings.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    authorization: { params: { scope: "openid email", ...(proves ? presence : remembered) } },
    checks: ["pkce", "state", "nonce"],
    idToken: true,
    httpOptions: { timeout: patience },
    token: {
      async request({ client, provider, params, checks }) {
        try {
          // Checks state, nonce and PKCE as well as the ID token.
          const tokens = await client.callback(provider.callbackUrl, params, checks);
          const claims = tokens.claims();
          // Providers may keep the address out of the ID token (OpenID Connect Core 1.0 §5.4). The client
          // refuses an answer about another subject.
          const asks = claims.email === undefined && client.issuer.metadata.userinfo_endpoint;
          const more = asks ? await client.userinfo(tokens) : {};
          // How and when a person signed in is said by the ID token alone.
          const told = { ...more, ...claims, auth_time: claims.auth_time, amr: claims.amr };
          result.identity = identityIn(told, settings.issuer, asked, new Date());
          if (!result.identity) result.kind = "another issuer, or no subject";
          return { tokens };
        } catch (error) {
          result.problem = problemOf(error);
          const { name, code } = error as Error & { code?: unknown };
          result.kind = typeof code === "string" ? `${name} ${code}` : name;
          throw error;
        }
      },
    },
    profile: ({ sub }) => ({ id: String(sub) }),
  };
}

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
