import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { getServerSession } from "next-auth/next";
import { cache } from "react";
import type { Actor, Person } from "@/lib/domain/actor";
import { resolveSession } from "@/lib/services/session/resolve";
import { resolvePerson } from "@/lib/services/session/resolve-person";
import { authOptions } from "./options";
import { originOf } from "./origin";

/** The session that the cookie names, or null. */
const currentSessionId = cache(async (): Promise<string | null> => {
  const options = authOptions(await headers());
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
  return session?.sessionId ?? null;
});

/** Who asks, or null. Read once for each request from the cookie and its Session row. */
export const currentActor = cache(async (): Promise<Actor | null> => {
  const sessionId = await currentSessionId();
  return sessionId === null ? null : resolveSession(sessionId, originOf(await headers()));
});

/** Who is signed in, also without being in an account; or null. */
export const currentPerson = cache(async (): Promise<Person | null> => {
  const actor = await currentActor();
  const sessionId = await currentSessionId();
  if (actor || sessionId === null) return actor;
  return resolvePerson(sessionId, originOf(await headers()));
});

/**
 * Who asks; sends those who are in no account to the page where they choose one, those who have to set up
 * two-step sign-in first to where they do, and everyone else to the login page. For pages.
 */
export async function requireActor(): Promise<Actor> {
  const actor = await currentActor();
  if (!actor) redirect((await currentPerson()) ? "/accounts" : "/login");
  return actor.twoStepMissing ? redirect("/two-step") : actor;
}

/** Who is signed in; sends everyone else to the login page. For pages that need no account. */
export async function requirePerson(): Promise<Person> {
  return (await currentPerson()) ?? redirect("/login");
}
