import { secondStepSeconds } from "@/lib/domain/second-factor";
import { deleteOwnCookie, readOwnCookie, setOwnCookie } from "./own-cookies";

/**
 * Gives the browser the secret of its waiting sign-in; in a cookie of its own, so that it is never taken for a session.
 * For server actions and route handlers.
 */
export async function keepPendingSignIn(pending: string): Promise<void> {
  await setOwnCookie("second-step", pending, secondStepSeconds);
}

/** The secret that the browser brought, or null. */
export async function pendingSignIn(): Promise<string | null> {
  return (await readOwnCookie("second-step")) ?? null;
}

/** Deletes the cookie: done, or given up. */
export async function clearPendingSignIn(): Promise<void> {
  await deleteOwnCookie("second-step");
}
