import { useTranslations } from "next-intl";

const hour = 3600;
const day = 24 * hour;

/** "10 minutes", "1 hour", "7 days". */
export function useDuration(): (seconds: number) => string {
  const t = useTranslations("security.armed.duration");
  return (seconds) => {
    if (seconds >= day) return t("days", { count: Math.floor(seconds / day) });
    if (seconds >= hour) return t("hours", { count: Math.floor(seconds / hour) });
    return t("minutes", { count: Math.floor(seconds / 60) });
  };
}
