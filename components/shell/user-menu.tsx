import { ChevronsUpDown, LogOut } from "lucide-react";
import { useTranslations } from "next-intl";
import type { OwnAccount } from "@/lib/domain/own-account";
import type { Role } from "@/lib/domain/permissions";
import { Menu, MenuItem, MenuSeparator } from "../ui/menu";
import { AccountMenu } from "./account-menu";
import type { ChooseTheme, Theme } from "./theme";
import { ThemeMenu } from "./theme-menu";

interface UserMenuProps {
  readonly accountId: string;
  readonly accountName: string;
  /** All that the person is a member of. */
  readonly accounts: readonly OwnAccount[];
  readonly enterAccount: (form: FormData) => Promise<void>;
  readonly email: string;
  readonly role: Role;
  readonly theme: Theme;
  readonly chooseTheme: ChooseTheme;
  readonly signOut: () => Promise<void>;
}

/** Who is signed in and into which account; appearance; the way out. */
export function UserMenu(props: UserMenuProps) {
  const { accountName, email, role, theme, chooseTheme, signOut } = props;
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
        <p className="truncate">{email}</p>
      </div>
      <MenuSeparator />
      <AccountMenu accounts={props.accounts} current={props.accountId} enter={props.enterAccount} />
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
