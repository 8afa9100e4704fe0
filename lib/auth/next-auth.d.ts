import "next-auth";
import "next-auth/jwt";

declare module "next-auth" {
  interface User {
    /** The Session row that sign-in made. */
    sessionId?: string;
  }

  interface Session {
    /** Read on the server only; never part of what `/api/auth/session` answers. */
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
