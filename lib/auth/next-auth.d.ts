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
  }
}

declare module "next-auth/jwt" {
  interface JWT {
    /** The Session row: all that the cookie carries. */
    sid?: string;
  }
}
