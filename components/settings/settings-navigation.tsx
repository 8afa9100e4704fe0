import { useTranslations } from "next-intl";
import type { SettingsGroupId, SettingsSectionId } from "./section-id";

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
