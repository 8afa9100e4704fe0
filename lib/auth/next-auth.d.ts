import "next-auth";
import "next-auth/jwt";

declare module "next-auth" {
  interface Session {
    /** Read on the server only. */
    sessionId?: string;
    generation?: number;
  }
}

declare module "next-auth/jwt" {
  interface JWT {
    /** The Session row. */
    sid?: string;
    /** Which of the session's cookies this is; none means the first. */
    gen?: number;
  }
}
