import { cookies, headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { knownTimeZone, timeZoneCookie } from "@/lib/domain/preferences";
import { catalogues, type Messages, negotiateLocale } from "./catalogue";

declare module "next-intl" {
  interface AppConfig {
    Messages: Messages;
  }
}

/** Words, dates and times of one request, as its reader wants them. */
export default getRequestConfig(async () => {
  const { locale, language } = negotiateLocale((await headers()).get("accept-language"));
  return {
    locale,
    messages: catalogues[language],
    timeZone: knownTimeZone((await cookies()).get(timeZoneCookie)?.value),
    now: new Date(),
  };
});
