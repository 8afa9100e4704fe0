import { CirclePause } from "lucide-react";
import { useTranslations } from "next-intl";
import { StatusPill } from "@/components/ui/status";

/** Whether an instance takes calls, in one word. */
export function InstanceStatus({ paused }: { readonly paused: boolean }) {
  const t = useTranslations("instances.status");
  if (paused) {
    return (
      <StatusPill tone="warn" icon={CirclePause}>
        {t("paused")}
      </StatusPill>
    );
  }
  return <StatusPill tone="good">{t("active")}</StatusPill>;
}
