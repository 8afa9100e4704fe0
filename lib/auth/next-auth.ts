import type { AuthOptions } from "next-auth";
import { config } from "@/lib/config";
import { sessionAbsoluteSeconds } from "@/lib/domain/session";
import type { HeaderReader } from "@/lib/net/client-address";
import { cookieSecret, ownCookie } from "./cookies";
import { log } from "./log";
import { isSecurePage, sameOriginUrl } from "./urls";

/** Errors that anyone can cause with an old cookie or an invented URL: no fault of ours. */
const fromOutside = new Set(["JWT_SESSION_ERROR", "INVALID_CALLBACK_URL_ERROR", "OAUTH_CALLBACK_ERROR"]);

/**
 * next-auth learns its own address from the environment alone: a fixed one, or trust in the request's host.
 * Both come from our configuration, whatever else the environment says.
 */
function setOwnAddress(): void {
  const { url } = config();
  if (url) process.env.NEXTAUTH_URL = url;
  else delete process.env.NEXTAUTH_URL;
  process.env.AUTH_TRUST_HOST = "true";
}

/** next-auth's options for one request: it checks what providers say, and makes no session. */
export function authOptions(headers: HeaderReader): AuthOptions {
  setOwnAddress();
  const secure = isSecurePage(headers);
  return {
    providers: [],
    secret: cookieSecret(),
    session: { strategy: "jwt", maxAge: sessionAbsoluteSeconds },
    useSecureCookies: secure,
    cookies: { sessionToken: ownCookie("session", secure) },
    pages: { signIn: "/login", signOut: "/", error: "/login" },
    callbacks: { redirect: ({ url, baseUrl }) => sameOriginUrl(url, baseUrl) },
    logger: {
      error: (code) => log()[fromOutside.has(code) ? "debug" : "error"]({ code }, "next-auth"),
      warn: (code) => log().warn({ code }, "next-auth"),
      debug: () => {},
    },
  };
}
