"use client";

import { ChevronsUpDown, LogOut } from "lucide-react";
import { useTranslations } from "next-intl";
import { startTransition, useOptimistic } from "react";
import type { Role } from "@/lib/domain/permissions";
import { Menu } from "../ui/menu";
import { MenuItem, MenuLabel, MenuRadioGroup, MenuSeparator } from "../ui/menu-items";
import { showTheme, type Theme, themes } from "./theme";
import { themeIcons } from "./theme-icons";

interface UserMenuProps {
  readonly accountName: string;
  readonly email: string;
  readonly role: Role;
  readonly theme: Theme;
  readonly chooseTheme: (theme: Theme) => Promise<void>;
  readonly signOut: () => Promise<void>;
}

/** Who is signed in and into which account; appearance; the way out. */
export function UserMenu({ accountName, email, role, theme, chooseTheme, signOut }: UserMenuProps) {
  const t = useTranslations("common");
  const [chosen, setChosen] = useOptimistic(theme);

  function choose(next: Theme) {
    showTheme(next);
    startTransition(async () => {
      setChosen(next);
      await chooseTheme(next);
    });
  }

  return (
    <Menu
      align="start"
      side="top"
      trigger={
        <button
          type="button"
          className="flex w-full items-center gap-2.5 rounded-md p-1.5 text-left hover:bg-sunken lg:px-2.5 lg:py-2"
        >
          <span
            aria-hidden
            className="grid size-7 shrink-0 place-items-center rounded-full bg-accent-soft font-semibold text-accent text-xs"
          >
            {initials(accountName)}
          </span>
          <span className="min-w-0 flex-1 max-lg:sr-only">
            <span className="block truncate font-semibold">{accountName}</span>
            <span className="block text-muted text-xs">{t(`role.${role}`)}</span>
          </span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-muted max-lg:hidden" />
          <span className="sr-only">{t("userMenu")}</span>
        </button>
      }
    >
      <MenuLabel>
        <span className="block truncate font-semibold text-text lg:hidden">{accountName}</span>
        <span className="block truncate">{email}</span>
      </MenuLabel>
      <MenuSeparator />
      <MenuRadioGroup
        label={t("theme.label")}
        value={chosen}
        onChange={choose}
        options={themes.map((value) => ({ value, label: t(`theme.${value}`), icon: themeIcons[value] }))}
      />
      <MenuSeparator />
      <MenuItem icon={LogOut} onSelect={() => startTransition(signOut)}>
        {t("signOut")}
      </MenuItem>
    </Menu>
  );
}

/** First letters of the first and the last word. */
function initials(name: string): string {
  const words = name.split(/[\s\p{P}]+/u).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? "")][0]);
  return letters.join("").toUpperCase();
}
