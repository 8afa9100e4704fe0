import { deleteOwnCookie, readOwnCookie, setOwnCookie } from "./own-cookies";

/** Long enough to sign in on the way; seconds. */
const keptSeconds = 3600;

/** Keeps the token of the invitation that was opened, so that no address of a page has to carry it. */
export async function keepInvitation(token: string): Promise<void> {
  await setOwnCookie("invitation", token, keptSeconds);
}

/** The token of the invitation that was opened last, or null. */
export async function keptInvitation(): Promise<string | null> {
  return (await readOwnCookie("invitation")) || null;
}

/** Forgets it: accepted, or no longer wanted. */
export async function forgetInvitation(): Promise<void> {
  await deleteOwnCookie("invitation");
}
