import { cookies, headers } from "next/headers";
import { isSecurePage } from "./page-origin";

/** Long enough to sign in on the way; seconds. */
const keptSeconds = 3600;

async function spec() {
  const secure = isSecurePage(await headers());
  return {
    name: secure ? "__Host-latchkey.invitation" : "latchkey.invitation",
    options: { httpOnly: true, sameSite: "lax", path: "/", secure },
  } as const;
}

/** Keeps the token of the invitation that was opened, so that no address of a page has to carry it. */
export async function keepInvitation(token: string): Promise<void> {
  const { name, options } = await spec();
  (await cookies()).set(name, token, { ...options, maxAge: keptSeconds });
}

/** The token of the invitation that was opened last, or null. */
export async function keptInvitation(): Promise<string | null> {
  const { name } = await spec();
  return (await cookies()).get(name)?.value || null;
}

/** Forgets it: accepted, or no longer wanted. */
export async function forgetInvitation(): Promise<void> {
  const { name, options } = await spec();
  (await cookies()).set(name, "", { ...options, maxAge: 0 });
}
