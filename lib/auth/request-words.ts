import { headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { knownTimeZone, type Language, parseLanguage } from "@/lib/domain/preferences";
import { catalogues, type Messages } from "@/lib/i18n/catalogue";
import { negotiateLocale } from "@/lib/i18n/negotiate";
import { readOwnCookie } from "./cookies";
import { currentLanguage } from "./current-actor";

declare module "next-intl" {
  interface AppConfig {
    Messages: Messages;
  }
}

/** The language that the browser asks for: the one chosen in it, else the reader's first that there is. */
export async function browserLanguage(): Promise<Language> {
  const chosen = parseLanguage(await readOwnCookie("language"));
  return negotiateLocale((await headers()).get("accept-language"), chosen).language;
}

/** A page that says what failed must not need what failed. */
async function personsLanguage(): Promise<Language | null> {
  try {
    return await currentLanguage();
  } catch {
    return null;
  }
}

/** Words, dates and times of one request, as its reader wants them: the person's choice, the browser's, its header. */
export default getRequestConfig(async () => {
  const chosen = (await personsLanguage()) ?? parseLanguage(await readOwnCookie("language"));
  const { locale, language } = negotiateLocale((await headers()).get("accept-language"), chosen);
  return {
    locale,
    messages: catalogues[language],
    timeZone: knownTimeZone(await readOwnCookie("zone")),
    now: new Date(),
  };
});
