import { randomBytes } from "node:crypto";
import { cookies, headers } from "next/headers";
import { Refusal } from "@/lib/domain/errors";
import { challengeSeconds } from "@/lib/domain/passkey";
import { isSecurePage } from "./page-origin";

/** Ties a question for a passkey to the browser that asked: an answer made elsewhere signs nobody in here. */
async function spec() {
  const secure = isSecurePage(await headers());
  return {
    name: secure ? "__Host-latchkey.passkey" : "latchkey.passkey",
    options: { httpOnly: true, sameSite: "strict", path: "/", secure },
  } as const;
}

const wellFormed = /^[\w-]{43}$/;

/** The browser's secret, a new one when it has none. For server actions and route handlers. */
export async function keepBrowserSecret(): Promise<string> {
  const { name, options } = await spec();
  const jar = await cookies();
  const held = jar.get(name)?.value ?? "";
  const secret = wellFormed.test(held) ? held : randomBytes(32).toString("base64url");
  jar.set(name, secret, { ...options, maxAge: challengeSeconds });
  return secret;
}

/**
 * The secret that the browser brought.
 *
 * @throws Refusal `passkey_unknown` when it brought none: the question is too old, or was never asked
 */
export async function browserSecret(): Promise<string> {
  const { name } = await spec();
  const secret = (await cookies()).get(name)?.value ?? "";
  if (!wellFormed.test(secret)) throw new Refusal("passkey_unknown");
  return secret;
}
