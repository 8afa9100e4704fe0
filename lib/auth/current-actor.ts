import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import type { Actor, Person } from "@/lib/domain/actor";
import { type Language, parseLanguage } from "@/lib/domain/preferences";
import { actorOf, cookieWorth, liveSession, personOf } from "@/lib/services/session/session";
import { readSessionCookie } from "./cookies";
import { isUse, originOf, pageHeader } from "./origin";

/** The session of the cookie, or null when that is worth nothing. Read once for each request. */
const currentSession = cache(async () => {
  const cookie = await readSessionCookie();
  const session = cookie && (await liveSession(cookie.sid));
  const worth = session && (await cookieWorth(session, cookie.gen));
  if (!session || worth === "ended") return null;
  // The proof that a newer cookie came of is none of whoever has the former one.
  return worth === "former" ? { ...session, provenAt: new Date(0) } : session;
});

/** Who asks, or null. */
export const currentActor = cache(async (): Promise<Actor | null> => {
  const session = await currentSession();
  const requestHeaders = await headers();
  return session && actorOf(session, originOf(requestHeaders), isUse(requestHeaders));
});

/** Who is signed in, also without being in an account; or null. */
export const currentPerson = cache(async (): Promise<Person | null> => {
  const actor = await currentActor();
  const session = actor ? null : await currentSession();
  return session ? personOf(session, originOf(await headers())) : actor;
});

/** The language that whoever is signed in chose; null when they left it to the browser, or nobody is. */
export const currentLanguage = cache(async (): Promise<Language | null> => {
  return parseLanguage((await currentSession())?.language);
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
