import type { AuthOptions } from "next-auth";
import type { JWT } from "next-auth/jwt";
import { config } from "@/lib/config";
import { sessionAbsoluteSeconds } from "@/lib/domain/session";
import { cookieWorth } from "@/lib/services/session/generation";
import { resolveSession } from "@/lib/services/session/resolve";
import { signOut } from "@/lib/services/session/sign-out";
import { cookieSecret } from "./cookie-secret";
import { credentialsProvider } from "./credentials-provider";
import { log } from "./log";
import { originOf } from "./origin";
import { isSecurePage } from "./page-origin";
import { sameOriginUrl } from "./same-origin";
import { sessionCookieSpec } from "./session-cookie-spec";

/**
 * next-auth learns its own address from the environment alone: a fixed one, or trust in the request's host.
 * Both come from our configuration, whatever else the environment says.
 */
function tellOwnAddress(): void {
  const { url } = config();
  if (url) process.env.NEXTAUTH_URL = url;
  else delete process.env.NEXTAUTH_URL;
  process.env.AUTH_TRUST_HOST = "true";
}

/** Errors that anyone can cause with an old cookie or an invented URL: no fault of ours. */
const fromOutside = new Set(["JWT_SESSION_ERROR", "INVALID_CALLBACK_URL_ERROR", "OAUTH_CALLBACK_ERROR"]);

const counts = async ({ sid = "", gen = 0 }: JWT) => (await cookieWorth(sid, gen)) !== "ended";

/**
 * next-auth's options for one request. The cookie is a JWT that carries the id of a Session row, and which of the
 * session's cookies it is, and nothing else; who that is, and whether it still counts, is read from the database each time.
 */
export function authOptions(headers: { get(name: string): string | null }): AuthOptions {
  tellOwnAddress();
  const secure = isSecurePage(headers);
  return {
    providers: [credentialsProvider],
    secret: cookieSecret(),
    session: { strategy: "jwt", maxAge: sessionAbsoluteSeconds },
    useSecureCookies: secure,
    cookies: { sessionToken: sessionCookieSpec(secure) },
    pages: { signIn: "/login", signOut: "/", error: "/login" },
    callbacks: {
      redirect: ({ url, baseUrl }) => sameOriginUrl(url, baseUrl),
      jwt({ token, user }) {
        if (user?.sessionId) return { sid: user.sessionId, gen: 0 };
        const { sid, gen = 0 } = token;
        return sid ? { sid, gen } : {};
      },
      // What /api/auth/session tells the browser: nothing that is not on the page anyway.
      async session({ session, token }) {
        const actor =
          (await counts(token)) && (await resolveSession(token.sid ?? "", originOf(headers), false));
        return { expires: session.expires, ...(actor && { user: { email: actor.email } }) };
      },
    },
    events: {
      async signOut({ token }) {
        const actor = (await counts(token)) && (await resolveSession(token.sid ?? "", originOf(headers)));
        if (actor) await signOut(actor);
      },
    },
    logger: {
      error: (code) => log()[fromOutside.has(code) ? "debug" : "error"]({ code }, "next-auth"),
      warn: (code) => log().warn({ code }, "next-auth"),
      debug: () => {},
    },
  };
}
