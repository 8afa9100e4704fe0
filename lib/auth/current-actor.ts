import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { getServerSession } from "next-auth/next";
import { cache } from "react";
import type { Actor } from "@/lib/domain/actor";
import { resolveSession } from "@/lib/services/session/resolve";
import { authOptions } from "./options";
import { originOf } from "./origin";

/** Who asks, or null. Read once for each request from the cookie and its Session row. */
export const currentActor = cache(async (): Promise<Actor | null> => {
  const requestHeaders = await headers();
  const options = authOptions(requestHeaders);
  const session = await getServerSession({
    ...options,
    callbacks: {
      ...options.callbacks,
      session: ({ session, token }) => ({
        expires: session.expires,
        ...(token.sid && { sessionId: token.sid }),
      }),
    },
  });
  return session?.sessionId ? resolveSession(session.sessionId, originOf(requestHeaders)) : null;
});

/** Who asks; sends everyone else to the login page. For pages. */
export async function requireActor(): Promise<Actor> {
  return (await currentActor()) ?? redirect("/login");
}
