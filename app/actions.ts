"use server";

import { cookies } from "next/headers";
import { z } from "zod";
import { parseTheme, themeCookie } from "@/components/shell/theme";
import { formData, quietAction } from "@/lib/auth/action";
import { knownTimeZone, timeZoneCookie } from "@/lib/i18n/time-zone";

/** Settings of a browser, not of a person: they hold no secret and outlive a session. */
const preference = { path: "/", maxAge: 365 * 24 * 3600, sameSite: "lax", httpOnly: true } as const;

/** Keeps the browser's time zone, so that the server writes times as the reader's clock shows them. */
export const rememberTimeZone = quietAction([z.unknown()], async (zone) => {
  if (typeof zone !== "string") return;
  (await cookies()).set(timeZoneCookie, knownTimeZone(zone), preference);
});

/** Keeps the theme chosen in a form; anything unknown means: as the system has it. */
export const chooseTheme = quietAction([formData], async (form) => {
  (await cookies()).set(themeCookie, parseTheme(form.get("theme")), preference);
});
