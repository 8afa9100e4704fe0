"use server";

import { z } from "zod";
import { formData, quietAction } from "@/lib/auth/action";
import { setOwnCookie } from "@/lib/auth/cookies";
import { knownTimeZone, parseTheme } from "@/lib/domain/preferences";

/** Settings of a browser, not of a person: they hold no secret and outlive a session. */
const preferenceSeconds = 365 * 24 * 3600;

/** Keeps the browser's time zone, so that the server writes times as the reader's clock shows them. */
export const rememberTimeZone = quietAction([z.unknown()], async (zone) => {
  if (typeof zone !== "string") return;
  await setOwnCookie("zone", knownTimeZone(zone), preferenceSeconds);
});

/** Keeps the theme chosen in a form; anything unknown means: as the system has it. */
export const chooseTheme = quietAction([formData], async (form) => {
  await setOwnCookie("theme", parseTheme(form.get("theme")), preferenceSeconds);
});
