import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { LiveDot } from "@/components/live/use-live";
import { PageHeader } from "@/components/ui/card";
import { LinkTabs } from "@/components/ui/link";
import { addressesPath, securityPath } from "./security-place";

interface SecurityHeaderProps {
  readonly current: "token" | "addresses";
  /** Whether what happens shows at once. */
  readonly live: boolean;
  /** How things are on this page, in a sentence. */
  readonly lede: ReactNode;
}

/** The top of the Security pages: how things are, the way from one page to the other, and whether they are live. */
export function SecurityHeader({ current, live, lede }: SecurityHeaderProps) {
  const t = useTranslations("security");
  return (
    <>
      <PageHeader title={t("title")} lede={lede} />
      <LinkTabs
        label={t("tabs.label")}
        items={[
          { key: "token", text: t("token.title"), href: securityPath },
          { key: "addresses", text: t("tabs.addresses"), href: addressesPath },
        ]}
        current={current}
      >
        <LiveDot live={live} />
      </LinkTabs>
    </>
  );
}
