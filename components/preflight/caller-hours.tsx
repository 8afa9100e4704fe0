import { useTranslations } from "next-intl";
import type { CallerHourView } from "@/lib/domain/caller-view";

/** All requests of these hours, with a live token and without. */
export function hourSums(hours: readonly CallerHourView[]): { live: number; other: number } {
  const sum = (key: "live" | "other") => hours.reduce((all, hour) => all + hour[key], 0);
  return { live: sum("live"), other: sum("other") };
}

/** A caller's last 24 hours in a sentence. */
export function CallerHours({ hours }: { readonly hours: readonly CallerHourView[] }) {
  const t = useTranslations("preflight.spark");
  const { live, other } = hourSums(hours);
  return live + other === 0 ? t("none") : t("short", { live, other });
}
