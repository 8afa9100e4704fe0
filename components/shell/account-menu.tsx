"use client";

import { ArrowLeftRight, Check, Users } from "lucide-react";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import type { OwnAccount } from "@/lib/domain/own-account";
import { MenuItem, MenuSeparator } from "../ui/menu";

interface AccountMenuProps {
  readonly accounts: readonly OwnAccount[];
  readonly current: string;
  readonly enter: (form: FormData) => Promise<void>;
}

/** More than these are on the page of all accounts. */
const mostShown = 6;

/** The switch between one's accounts, inside the user menu; stays on the same kind of page. */
export function AccountMenu({ accounts, current, enter }: AccountMenuProps) {
  const t = useTranslations("common.accounts");
  const tab = `/${usePathname().split("/")[1]}`;
  const [here, ...others] = [...accounts].sort((a, b) => Number(b.id === current) - Number(a.id === current));
  const shown = here ? [here, ...others.slice(0, mostShown - 1)] : [];
  return (
    <>
      {others.length > 0 && (
        <form action={enter}>
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
