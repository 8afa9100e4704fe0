import { cookies, headers } from "next/headers";
import { pendingLinkSeconds } from "@/lib/domain/single-sign-on";
import { isSecurePage } from "./page-origin";

/** Its own cookie: a sign-in that waits to be linked is never taken for a session. */
async function spec() {
  const secure = isSecurePage(await headers());
  return {
    name: secure ? "__Host-latchkey.link" : "latchkey.link",
    options: { httpOnly: true, sameSite: "lax", path: "/", secure },
  } as const;
}

/** Gives the browser the secret of a sign-in that waits to be linked. For server actions and route handlers. */
export async function keepPendingLink(secret: string): Promise<void> {
  const { name, options } = await spec();
  (await cookies()).set(name, secret, { ...options, maxAge: pendingLinkSeconds });
}

/** The secret that the browser brought, or the empty one, which names nothing. */
export async function pendingLink(): Promise<string> {
  const { name } = await spec();
  return (await cookies()).get(name)?.value ?? "";
}

/** Deletes the cookie: linked, or given up. */
export async function clearPendingLink(): Promise<void> {
  const { name, options } = await spec();
  (await cookies()).set(name, "", { ...options, maxAge: 0 });
}
