import { type LucideIcon, Monitor, Moon, Sun } from "lucide-react";
import { ownCookieName } from "@/lib/domain/own-cookies";

/** Light, dark, or as the system has it. */
export type Theme = "system" | "light" | "dark";

/** The server action that keeps the `theme` of a form. */
export type ChooseTheme = (form: FormData) => Promise<void>;

/** The themes in the order they are offered. */
export const themes: readonly Theme[] = ["system", "light", "dark"];

/** Cookie with the chosen theme: the server writes it into the page, so that nothing flashes on load. */
export const themeCookie = ownCookieName("theme", false);

/** Reads a theme from the cookie or a form; anything unknown is "system". */
export function parseTheme(value: unknown): Theme {
  return themes.find((theme) => theme === value) ?? "system";
}

/** Shows a theme at once, before the server has heard of it. For browsers only. */
export function showTheme(theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === "system") delete dataset.theme;
  else dataset.theme = theme;
}

/** The sign of each theme. */
export const themeIcons: Readonly<Record<Theme, LucideIcon>> = { system: Monitor, light: Sun, dark: Moon };
