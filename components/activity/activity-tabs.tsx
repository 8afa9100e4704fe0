import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { rejectedPath } from "@/components/rejected/rejected-links";
import { classNames } from "@/components/ui/class-names";

const tabs = [
  { id: "changes", href: "/activity" },
  { id: "rejected", href: rejectedPath },
] as const;

interface ActivityTabsProps {
  readonly current: (typeof tabs)[number]["id"];
  /** At the right. */
  readonly children?: ReactNode;
}

/** The two pages of Activity, as links that look like tabs. */
export function ActivityTabs({ current, children }: ActivityTabsProps) {
  const t = useTranslations("rejected.tabs");
  return (
    <div className="mb-5 flex items-center justify-between gap-4 border-line border-b">
      <nav aria-label={t("label")}>
        <ul className="flex gap-1">
          {tabs.map(({ id, href }) => (
            <li key={id}>
              <Link
                href={href}
                aria-current={id === current ? "page" : undefined}
                className={classNames(
                  "-mb-px block whitespace-nowrap border-b-2 px-3 py-2 font-medium",
                  id === current
                    ? "border-accent text-text"
                    : "border-transparent text-muted hover:text-text",
                )}
              >
                {t(id)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {children}
    </div>
  );
}
