import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

/** The groups of the settings page. */
export type SettingsGroupId = "you" | "account";

/** The cards of the settings page; each names the id of its card's heading. */
export type SettingsSectionId =
  | "profile"
  | "email"
  | "password"
  | "two-step"
  | "passkeys"
  | "single-sign-on"
  | "sessions"
  | "alerts"
  | "appearance"
  | "language"
  | "general"
  | "members"
  | "retention"
  | "server"
  | "delete-account";

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

interface SettingsNavigationProps {
  readonly accountName: string;
  readonly groups: readonly {
    readonly id: SettingsGroupId;
    readonly sections: readonly SettingsSectionId[];
  }[];
}

/** Links to the cards of the page: stays beside them on wide screens, stands above them on narrow ones. */
export function SettingsNavigation({ accountName, groups }: SettingsNavigationProps) {
  const t = useTranslations("settings");
  return (
    <nav
      aria-label={t("nav.label")}
      className="grid grid-cols-1 content-start gap-4 xl:sticky xl:top-9 xl:max-h-[calc(100dvh-4.5rem)] xl:self-start xl:overflow-y-auto"
    >
      {groups.map(({ id, sections }) => (
        <div key={id}>
          <p className="truncate pb-1 text-muted text-xs xl:px-2.5" id={`nav-${id}`}>
            {t(`group.${id}.title`, { account: accountName })}
          </p>
          <ul aria-labelledby={`nav-${id}`} className="flex flex-wrap gap-1.5 xl:flex-col xl:gap-0.5">
            {sections.map((section) => (
              <li key={section}>
                <a
                  href={`#${section}`}
                  className="flex min-h-8 items-center rounded-md border border-line bg-surface px-2.5 py-1 font-medium text-muted hover:text-text xl:border-0 xl:bg-transparent xl:hover:bg-sunken"
                >
                  {t(`nav.${section}`)}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
