import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { SettingsGroupId } from "./section-id";

interface SettingsGroupProps {
  readonly id: SettingsGroupId;
  readonly accountName: string;
  readonly children: ReactNode;
}

/** Cards that belong together: those about the person, and those about the account. */
export function SettingsGroup({ id, accountName, children }: SettingsGroupProps) {
  const t = useTranslations("settings.group");
  return (
    <section aria-labelledby={`group-${id}`} className="grid grid-cols-1 gap-5">
      <div>
        <h2 id={`group-${id}`} className="font-semibold text-lg tracking-tight wrap-anywhere">
          {t(`${id}.title`, { account: accountName })}
        </h2>
        <p className="text-muted">{t(`${id}.lede`)}</p>
      </div>
      {children}
    </section>
  );
}
