import { randomBytes } from "node:crypto";
import { Refusal } from "@/lib/domain/errors";
import { challengeSeconds } from "@/lib/domain/passkey";
import { readOwnCookie, setOwnCookie } from "./own-cookies";

const wellFormed = /^[\w-]{43}$/;

/**
 * The browser's secret, a new one when it has none. It ties a question for a passkey to the browser that asked: an
 * answer made elsewhere signs nobody in here. For server actions and route handlers.
 */
export async function keepBrowserSecret(): Promise<string> {
  const held = (await readOwnCookie("passkey")) ?? "";
  const secret = wellFormed.test(held) ? held : randomBytes(32).toString("base64url");
  await setOwnCookie("passkey", secret, challengeSeconds);
  return secret;
}

/**
 * The secret that the browser brought.
 *
 * @throws Refusal `passkey_unknown` when it brought none: the question is too old, or was never asked
 */
export async function browserSecret(): Promise<string> {
  const secret = (await readOwnCookie("passkey")) ?? "";
  if (!wellFormed.test(secret)) throw new Refusal("passkey_unknown");
  return secret;
}
