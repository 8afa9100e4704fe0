"use client";

import { type LucideIcon, Monitor, Moon, Sun } from "lucide-react";
import { useTimeZone } from "next-intl";
import { startTransition, useEffect, useOptimistic } from "react";
import { chooseLanguage, chooseTheme, rememberTimeZone } from "@/lib/actions/preferences";
import { type Language, parseLanguage, type Theme } from "@/lib/domain/preferences";

/** The sign of each theme. */
export const themeIcons: Readonly<Record<Theme, LucideIcon>> = { system: Monitor, light: Sun, dark: Moon };

/** The theme as it is shown, and a function that chooses another: at once, before the server has heard of it. */
export function useTheme(theme: Theme): readonly [Theme, (next: Theme) => void] {
  const [chosen, setChosen] = useOptimistic(theme);

  function choose(next: Theme) {
    const { dataset } = document.documentElement;
    if (next === "system") delete dataset.theme;
    else dataset.theme = next;
    startTransition(async () => {
      setChosen(next);
      const form = new FormData();
      form.set("theme", next);
      await chooseTheme(form);
    });
  }
  return [chosen, choose];
}

/** The language as it is chosen (null: as the browser asks), and a function that chooses by a form; pages follow at once. */
export function useLanguage(language: Language | null) {
  const [chosen, setChosen] = useOptimistic(language);

  function choose(form: FormData) {
    startTransition(async () => {
      setChosen(parseLanguage(form.get("language")));
      await chooseLanguage(form);
    });
  }
  return [chosen, choose] as const;
}

/** Tells the server the browser's time zone once it differs from what the page was written in. */
export function TimeZoneReport() {
  const known = useTimeZone();

  useEffect(() => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone !== known) startTransition(() => rememberTimeZone(zone));
  }, [known]);

  return null;
}
