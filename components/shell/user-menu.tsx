import { ChevronsUpDown, LogOut } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Role } from "@/lib/domain/permissions";
import { Menu, MenuItem, MenuSeparator } from "../ui/menu";
import type { ChooseTheme, Theme } from "./theme";
import { ThemeMenu } from "./theme-menu";

interface UserMenuProps {
  readonly accountName: string;
  readonly email: string;
  readonly role: Role;
  readonly theme: Theme;
  readonly chooseTheme: ChooseTheme;
  readonly signOut: () => Promise<void>;
}

/** Who is signed in and into which account; appearance; the way out. */
export function UserMenu({ accountName, email, role, theme, chooseTheme, signOut }: UserMenuProps) {
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
          <span className="min-w-0 flex-1 max-lg:sr-only">
            <span className="block truncate font-semibold">{accountName}</span>
            <span className="block text-muted text-xs">{t(`role.${role}`)}</span>
          </span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-muted max-lg:hidden" />
          <span className="sr-only">{t("userMenu")}</span>
        </>
      }
    >
      <div className="px-2.5 pt-1.5 pb-1 text-muted text-xs">
        <p className="truncate font-semibold text-text lg:hidden">{accountName}</p>
        <p className="truncate">{email}</p>
      </div>
      <MenuSeparator />
      <ThemeMenu theme={theme} chooseTheme={chooseTheme} />
      <MenuSeparator />
      <form action={signOut}>
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
