import type { OAuthConfig } from "next-auth/providers/oauth";
import { config } from "@/lib/config";
import { sessionAbsoluteSeconds } from "@/lib/domain/session";
import { identityIn, type ProviderIdentity, type SignOnProblem } from "@/lib/domain/single-sign-on";

/** What next-auth calls the provider; part of the address that people are sent back to. */
export const providerId = "oidc";

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
