"use server";

import { z } from "zod";
import { formData, quietAction } from "@/lib/auth/action";
import { deleteOwnCookie, setOwnCookie } from "@/lib/auth/cookies";
import { currentPerson } from "@/lib/auth/current-actor";
import { knownTimeZone, parseLanguage, parseTheme } from "@/lib/domain/preferences";
import { chooseOwnLanguage } from "@/lib/services/account/language";

/** Settings of a browser: they hold no secret and outlive a session. */
const preferenceSeconds = 365 * 24 * 3600;

/** Keeps the browser's time zone, so that the server writes times as the reader's clock shows them. */
export const rememberTimeZone = quietAction([z.unknown()], async (zone) => {
  if (typeof zone !== "string") return;
  await setOwnCookie("zone", knownTimeZone(zone), preferenceSeconds);
});

/**
 * Keeps the language chosen in a form: in the browser, for those who are signed out, and with the person, for their other
 * browsers and their mails. Anything unknown means: as the browser asks.
 */
export const chooseLanguage = quietAction([formData], async (form) => {
  const language = parseLanguage(form.get("language"));
  const person = await currentPerson();
  if (person) await chooseOwnLanguage(person, { language });
  if (language) await setOwnCookie("language", language, preferenceSeconds);
  else await deleteOwnCookie("language");
});

/** Keeps the theme chosen in a form; anything unknown means: as the system has it. */
export const chooseTheme = quietAction([formData], async (form) => {
  await setOwnCookie("theme", parseTheme(form.get("theme")), preferenceSeconds);
});
