import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { getServerSession } from "next-auth/next";
import { cache } from "react";
import type { Actor, Person } from "@/lib/domain/actor";
import { cookieWorth, resolvePerson, resolveSession } from "@/lib/services/session/session";
import { authOptions } from "./next-auth";
import { isUse, originOf, pageHeader } from "./origin";

/** The session that the cookie names and what the cookie is worth, or null when that is nothing. */
const currentCookie = cache(async () => {
  const { sessionId, generation = 0 } = (await getServerSession(authOptions(await headers()))) ?? {};
  if (!sessionId) return null;
  const worth = await cookieWorth(sessionId, generation);
  return worth === "ended" ? null : { sessionId, worth };
});

/** Who asks, or null. Read once for each request from the cookie and its Session row. */
export const currentActor = cache(async (): Promise<Actor | null> => {
  const cookie = await currentCookie();
  if (cookie === null) return null;
  const requestHeaders = await headers();
  const actor = await resolveSession(cookie.sessionId, originOf(requestHeaders), isUse(requestHeaders));
  // The proof that a newer cookie came of is none of whoever has the former one.
  return actor && cookie.worth === "former" ? { ...actor, provenAt: new Date(0) } : actor;
});

/** Who is signed in, also without being in an account; or null. */
export const currentPerson = cache(async (): Promise<Person | null> => {
  const actor = await currentActor();
  const cookie = await currentCookie();
  if (actor || cookie === null) return actor;
  return resolvePerson(cookie.sessionId, originOf(await headers()));
});

/** Where those go whose session is over: to the login page, which says so, and from there back. */
async function signedOutPath(): Promise<string> {
  const query = new URLSearchParams({ ended: "1" });
  const page = (await headers()).get(pageHeader);
  if (page) query.set("callbackUrl", page);
  return `/login?${query}`;
}

/**
 * Who asks; sends those who are in no account to the page where they choose one, those who have to set up
 * two-step sign-in first to where they do, and everyone else to the login page. For pages.
 */
export async function requireActor(): Promise<Actor> {
  const actor = await currentActor();
  if (!actor) redirect((await currentPerson()) ? "/accounts" : await signedOutPath());
  return actor.twoStepMissing ? redirect("/two-step") : actor;
}

/** Who is signed in; sends everyone else to the login page. For pages that need no account. */
export async function requirePerson(): Promise<Person> {
  return (await currentPerson()) ?? redirect(await signedOutPath());
}
