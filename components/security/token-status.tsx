import { Clock, ShieldOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { StatusPill } from "@/components/ui/status";
import type { SecurityTokenView } from "@/lib/domain/security-token";

/** The state of the account security token in one or two words. */
export function TokenStatus({ view }: { readonly view: SecurityTokenView }) {
  const t = useTranslations("security.token.status");
  const { status, enforcedInstances, totalInstances } = view;
  switch (status) {
    case "none":
      return (
        <StatusPill tone="idle" icon={ShieldOff}>
          {t("none")}
        </StatusPill>
      );
    case "disabled":
      return (
        <StatusPill tone="warn" icon={Clock}>
          {t("disabled")}
        </StatusPill>
      );
    case "staged":
      return (
        <StatusPill tone="warn" icon={Clock}>
          {t("staged", { enforced: enforcedInstances, total: totalInstances })}
        </StatusPill>
      );
    case "active":
      return <StatusPill tone="good">{t("active")}</StatusPill>;
  }
}
