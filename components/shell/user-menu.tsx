"use client";

import { ArrowLeftRight, Check, ChevronsUpDown, LogOut, Users } from "lucide-react";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import type { MouseEvent } from "react";
import { WrapText } from "@/components/ui/text";
import { enterAccountAction } from "@/lib/actions/accounts";
import { chooseTheme } from "@/lib/actions/preferences";
import { signOutAction } from "@/lib/actions/sign-in";
import type { OwnAccount } from "@/lib/domain/membership";
import type { Role } from "@/lib/domain/permissions";
import { type Theme, themes } from "@/lib/domain/preferences";
import { Menu, MenuItem, MenuSeparator } from "../ui/menu";
import { themeIcons, useTheme } from "./preferences";

/** The choice of theme inside the user menu; it takes effect at once and the menu stays open. */
function ThemeMenu({ theme }: { readonly theme: Theme }) {
  const t = useTranslations("common.theme");
  const [chosen, choose] = useTheme(theme);

  function onClick(event: MouseEvent, next: Theme) {
    event.preventDefault();
    choose(next);
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
              onClick={(event) => onClick(event, value)}
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

interface AccountMenuProps {
  readonly accounts: readonly OwnAccount[];
  readonly current: string;
}

/** More than these are on the page of all accounts. */
const mostShown = 6;

/** The switch between one's accounts, inside the user menu; stays on the same kind of page. */
function AccountMenu({ accounts, current }: AccountMenuProps) {
  const t = useTranslations("common.accounts");
  const tab = `/${usePathname().split("/")[1]}`;
  const [here, ...others] = [...accounts].sort((a, b) => Number(b.id === current) - Number(a.id === current));
  const shown = here ? [here, ...others.slice(0, mostShown - 1)] : [];
  return (
    <>
      {others.length > 0 && (
        <form action={enterAccountAction}>
          <input type="hidden" name="path" value={tab} />
          {/* A fieldset would otherwise be as wide as its longest name. */}
          <fieldset className="min-w-0">
            <legend className="px-2.5 pt-1.5 pb-1 text-muted text-xs">{t("label")}</legend>
            {shown.map(({ id, name }) => (
              <MenuItem key={id} name="accountId" value={id} checked={id === current}>
                <Users aria-hidden className="text-muted" />
                <span className="wrap-anywhere line-clamp-2 min-w-0">{name}</span>
                {id === current && <Check aria-hidden className="ml-auto text-accent" />}
              </MenuItem>
            ))}
          </fieldset>
        </form>
      )}
      <form action="/accounts">
        <MenuItem>
          <ArrowLeftRight aria-hidden className="text-muted" />
          {t("all")}
        </MenuItem>
      </form>
      <MenuSeparator />
    </>
  );
}

interface UserMenuProps {
  readonly accountId: string;
  readonly accountName: string;
  /** All that the person is a member of. */
  readonly accounts: readonly OwnAccount[];
  readonly email: string;
  readonly role: Role;
  readonly theme: Theme;
}

/** Who is signed in and into which account; appearance; the way out. */
export function UserMenu({ accountId, accountName, accounts, email, role, theme }: UserMenuProps) {
  const t = useTranslations("common");
  return (
    <Menu
      triggerClassName="flex w-full items-center gap-2.5 rounded-md p-1.5 text-left hover:bg-sunken lg:px-2.5 lg:py-2"
      className="absolute top-13 right-3 bottom-auto left-auto w-56 lg:fixed lg:top-auto lg:right-auto lg:bottom-20 lg:left-3 lg:w-50"
      trigger={
        <>
          <span
            aria-hidden
            className="grid size-7 shrink-0 place-items-center rounded-full bg-accent-soft font-semibold text-accent text-xs"
          >
            {initials(accountName)}
          </span>
          <span className="min-w-0 flex-1">
            <span className="block truncate font-semibold max-lg:max-w-40">{accountName}</span>
            <span className="block text-muted text-xs max-lg:sr-only">{t(`role.${role}`)}</span>
          </span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-muted max-lg:hidden" />
          <span className="sr-only">{t("userMenu")}</span>
        </>
      }
    >
      <div className="px-2.5 pt-1.5 pb-1 text-muted text-xs">
        <p>
          <WrapText>{email}</WrapText>
        </p>
      </div>
      <MenuSeparator />
      <AccountMenu accounts={accounts} current={accountId} />
      <ThemeMenu theme={theme} />
      <MenuSeparator />
      <form action={signOutAction}>
        <MenuItem>
          <LogOut aria-hidden className="text-muted" />
          {t("signOut")}
        </MenuItem>
      </form>
    </Menu>
  );
}

/** First letters of the first and the last word. */
function initials(name: string): string {
  const words = name.split(/[\s\p{P}]+/u).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? "")][0]);
  return letters.join("").toUpperCase();
}
