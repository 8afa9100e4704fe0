"use server";

import { parseTheme } from "@/components/shell/theme";
import { setOwnCookie } from "@/lib/auth/own-cookies";
import { knownTimeZone } from "@/lib/i18n/time-zone";

/** Settings of a browser, not of a person: they hold no secret and outlive a session. */
const preferenceSeconds = 365 * 24 * 3600;

/** Keeps the browser's time zone, so that the server writes times as the reader's clock shows them. */
export async function rememberTimeZone(zone: unknown): Promise<void> {
  if (typeof zone !== "string") return;
  await setOwnCookie("zone", knownTimeZone(zone), preferenceSeconds);
}

/** Keeps the theme chosen in a form; anything unknown means: as the system has it. */
export async function chooseTheme(form: FormData): Promise<void> {
  await setOwnCookie("theme", parseTheme(form.get("theme")), preferenceSeconds);
}
