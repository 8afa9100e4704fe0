import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";

/** A real OpenID Connect provider that tests sign in at. */
interface TestIdentityProvider {
  /** What a dashboard is told about it. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** A login of this beginning belongs to someone whose address the provider has not verified. */
const unverified = /^unverified:/;

const account = (login: string) => ({
  accountId: login,
  claims: () => ({
    sub: login,
    email: login.replace(unverified, ""),
    email_verified: !unverified.test(login),
  }),
});

/**
 * Starts a provider with pages of its own, which takes any login and any password. As the standard has it, the
 * address is not in the ID token but at the user-info endpoint.
 *
 * @param dashboardUrl origin of the dashboard whose people sign in there
 */
export async function startTestIdentityProvider(dashboardUrl: string): Promise<TestIdentityProvider> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = { client_id: "latchkey", client_secret: "a secret between the two of them, for tests" };
  const provider = new Provider(issuer, {
    clients: [{ ...client, redirect_uris: [`${dashboardUrl}/api/auth/callback/oidc`] }],
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    cookies: { keys: ["for tests"] },
    findAccount: (_context: unknown, login: string) => account(login),
    pkce: { required: () => true },
  });
  server.on("request", provider.callback());
  return {
    env: {
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: client.client_id,
      OIDC_CLIENT_SECRET: client.client_secret,
      OIDC_NAME: "Example ID",
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
