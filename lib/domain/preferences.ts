import { ownCookieName } from "./own-cookies";

// Settings of a browser, kept in cookies, so that the server draws the page as it will stay and nothing flashes on load.
// The language is a person's too: theirs comes before the browser's, and mails are written in it.

/** Light, dark, or as the system has it. */
export type Theme = "system" | "light" | "dark";

/** The themes in the order they are offered. */
export const themes: readonly Theme[] = ["system", "light", "dark"];

/** Cookie with the chosen theme. */
export const themeCookie = ownCookieName("theme", false);

/** Reads a theme from the cookie or a form; anything unknown is "system". */
export function parseTheme(value: unknown): Theme {
  return themes.find((theme) => theme === value) ?? "system";
}

/** The named time zone when this machine knows it, else UTC. Never throws. */
export function knownTimeZone(name: string | undefined): string {
  if (!name || name.length > 64) return "UTC";
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return name;
  } catch {
    return "UTC";
  }
}

/** The languages there are, as the folders of their messages are called (BCP 47). English is for all who read neither. */
export const languages = ["en", "pt-BR", "es"] as const;

/** One of them. */
export type Language = (typeof languages)[number];

/** Cookie with the language that was chosen in this browser. */
export const languageCookie = ownCookieName("language", false);

/** Reads a language from the cookie, a form or the database; null for anything unknown, and where none was chosen. */
export function parseLanguage(value: unknown): Language | null {
  return languages.find((language) => language === value) ?? null;
}
