import { Eye, ShieldOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { StatusPill } from "@/components/ui/status";
import type { AddressStatus } from "@/lib/domain/address-rule";

/** The state of the address list in a word. */
export function AddressStatusPill({ status }: { readonly status: AddressStatus }) {
  const t = useTranslations("addresses.status");
  if (status === "enforce") return <StatusPill tone="good">{t("enforce")}</StatusPill>;
  const observing = status === "observe";
  return (
    <StatusPill tone={observing ? "warn" : "idle"} icon={observing ? Eye : ShieldOff}>
      {t(status)}
    </StatusPill>
  );
}
