import Link from "next/link";
import { useTranslations } from "next-intl";
import { rejectedPath } from "@/components/rejected/rejected-href";
import { classNames } from "@/components/ui/class-names";

const tabs = [
  { id: "changes", href: "/activity" },
  { id: "rejected", href: rejectedPath },
] as const;

/** The two pages of Activity, as links that look like tabs. */
export function ActivityTabs({ current }: { readonly current: (typeof tabs)[number]["id"] }) {
  const t = useTranslations("rejected.tabs");
  return (
    <nav aria-label={t("label")} className="mb-5 border-line border-b">
      <ul className="flex gap-1">
        {tabs.map(({ id, href }) => (
          <li key={id}>
            <Link
              href={href}
              aria-current={id === current ? "page" : undefined}
              className={classNames(
                "-mb-px block whitespace-nowrap border-b-2 px-3 py-2 font-medium",
                id === current ? "border-accent text-text" : "border-transparent text-muted hover:text-text",
              )}
            >
              {t(id)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
