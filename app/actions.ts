"use server";

import { cookies } from "next/headers";
import { parseTheme, themeCookie } from "@/components/shell/theme";
import { knownTimeZone, timeZoneCookie } from "@/lib/i18n/time-zone";

/** Settings of a browser, not of a person: they hold no secret and outlive a session. */
const preference = { path: "/", maxAge: 365 * 24 * 3600, sameSite: "lax", httpOnly: true } as const;

/** Keeps the browser's time zone, so that the server writes times as the reader's clock shows them. */
export async function rememberTimeZone(zone: unknown): Promise<void> {
  if (typeof zone !== "string") return;
  (await cookies()).set(timeZoneCookie, knownTimeZone(zone), preference);
}

/** Keeps the theme chosen in a form; anything unknown means: as the system has it. */
export async function chooseTheme(form: FormData): Promise<void> {
  (await cookies()).set(themeCookie, parseTheme(form.get("theme")), preference);
}
