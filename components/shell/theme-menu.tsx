"use client";

import { Check } from "lucide-react";
import { useTranslations } from "next-intl";
import { type MouseEvent, startTransition, useOptimistic } from "react";
import { MenuItem } from "../ui/menu";
import { type ChooseTheme, showTheme, type Theme, themes } from "./theme";
import { themeIcons } from "./theme-icons";

interface ThemeMenuProps {
  readonly theme: Theme;
  readonly chooseTheme: ChooseTheme;
}

/** The choice of theme inside the user menu; it takes effect at once and the menu stays open. */
export function ThemeMenu({ theme, chooseTheme }: ThemeMenuProps) {
  const t = useTranslations("common.theme");
  const [chosen, setChosen] = useOptimistic(theme);

  function choose(event: MouseEvent, next: Theme) {
    event.preventDefault();
    showTheme(next);
    startTransition(async () => {
      setChosen(next);
      const form = new FormData();
      form.set("theme", next);
      await chooseTheme(form);
    });
  }

  return (
    <form action={chooseTheme}>
      <fieldset>
        <legend className="px-2.5 pt-1.5 pb-1 text-muted text-xs">{t("label")}</legend>
        {themes.map((value) => {
          const Icon = themeIcons[value];
          return (
            <MenuItem
              key={value}
              name="theme"
              value={value}
              checked={value === chosen}
              onClick={(event) => choose(event, value)}
            >
              <Icon aria-hidden className="text-muted" />
              {t(value)}
              {value === chosen && <Check aria-hidden className="ml-auto text-accent" />}
            </MenuItem>
          );
        })}
      </fieldset>
    </form>
  );
}
