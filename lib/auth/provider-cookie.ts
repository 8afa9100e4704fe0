import { cookies, headers } from "next/headers";
import { decode, encode } from "next-auth/jwt";
import { z } from "zod";
import { cookieSecret } from "./cookie-secret";
import { isSecurePage } from "./page-origin";

/** Seconds for the way to the provider and back, as long as next-auth's own cookies of it. */
const maxAge = 15 * 60;

/** Keeps it apart from session cookies, which are encrypted with the same secret. */
const salt = "provider-way";

/** What we remember of one way to the provider, between leaving and coming back. */
export interface ProviderWay {
  /** The `state` that it left with, so that another way's answer does not count for it. */
  readonly state: string;
  /** When we asked, in milliseconds since 1970. */
  readonly asked: number;
  /** The session that is to be proved by it; null for a sign-in. */
  readonly proves: string | null;
}

const schema = z.object({ state: z.string().min(1), asked: z.number(), proves: z.string().nullable() });

async function spec() {
  const secure = isSecurePage(await headers());
  return {
    name: secure ? "__Host-latchkey.provider" : "latchkey.provider",
    options: { httpOnly: true, sameSite: "lax", path: "/", secure },
  } as const;
}

/** Remembers a way to the provider in the browser, encrypted. For route handlers. */
export async function keepProviderWay(way: ProviderWay): Promise<void> {
  const { name, options } = await spec();
  const value = await encode({ token: { ...way }, secret: cookieSecret(), maxAge, salt });
  (await cookies()).set(name, value, { ...options, maxAge });
}

/** The way that left with this state, once: null when it was another one, took too long, or is forged. */
export async function takeProviderWay(state: string | null): Promise<ProviderWay | null> {
  const { name, options } = await spec();
  const jar = await cookies();
  const token = jar.get(name)?.value;
  const claims = await decode({ ...(token && { token }), secret: cookieSecret(), salt }).catch(() => null);
  const { data } = schema.safeParse(claims);
  if (data?.state !== state) return null;
  jar.set(name, "", { ...options, maxAge: 0 });
  return data;
}
