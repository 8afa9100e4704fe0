import { pendingLinkSeconds } from "@/lib/domain/single-sign-on";
import { deleteOwnCookie, readOwnCookie, setOwnCookie } from "./own-cookies";

/**
 * Gives the browser the secret of a sign-in that waits to be linked; in a cookie of its own, so that it is never taken
 * for a session. For server actions and route handlers.
 */
export async function keepPendingLink(secret: string): Promise<void> {
  await setOwnCookie("link", secret, pendingLinkSeconds);
}

/** The secret that the browser brought, or the empty one, which names nothing. */
export async function pendingLink(): Promise<string> {
  return (await readOwnCookie("link")) ?? "";
}

/** Deletes the cookie: linked, or given up. */
export async function clearPendingLink(): Promise<void> {
  await deleteOwnCookie("link");
}
