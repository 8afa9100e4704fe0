import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { rejectedPath } from "@/components/rejected/rejected-links";
import { LinkTabs } from "@/components/ui/link";

interface ActivityTabsProps {
  readonly current: "changes" | "rejected";
  /** At the right. */
  readonly children?: ReactNode;
}

/** The two pages of Activity. */
export function ActivityTabs({ current, children }: ActivityTabsProps) {
  const t = useTranslations("rejected.tabs");
  const items = [
    { key: "changes", text: t("changes"), href: "/activity" },
    { key: "rejected", text: t("rejected"), href: rejectedPath },
  ] as const;
  return (
    <LinkTabs label={t("label")} items={items} current={current}>
      {children}
    </LinkTabs>
  );
}
