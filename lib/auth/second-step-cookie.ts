import { cookies, headers } from "next/headers";
import { secondStepSeconds } from "@/lib/domain/second-factor";
import { isSecurePage } from "./page-origin";

/** Its own cookie: what waits for a second step is never taken for a session. */
async function spec() {
  const secure = isSecurePage(await headers());
  return {
    name: secure ? "__Host-latchkey.second-step" : "latchkey.second-step",
    options: { httpOnly: true, sameSite: "lax", path: "/", secure },
  } as const;
}

/** Gives the browser the secret of its waiting sign-in. For server actions and route handlers. */
export async function keepPendingSignIn(pending: string): Promise<void> {
  const { name, options } = await spec();
  (await cookies()).set(name, pending, { ...options, maxAge: secondStepSeconds });
}

/** The secret that the browser brought, or null. */
export async function pendingSignIn(): Promise<string | null> {
  const { name } = await spec();
  return (await cookies()).get(name)?.value ?? null;
}

/** Deletes the cookie: done, or given up. */
export async function clearPendingSignIn(): Promise<void> {
  const { name, options } = await spec();
  (await cookies()).set(name, "", { ...options, maxAge: 0 });
}
