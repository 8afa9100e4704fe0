import { useTranslations } from "next-intl";
import type { CallerLabel } from "@/lib/domain/caller-view";

/** What a caller is called: its name, else its program. */
export function useCallerTitle(): (caller: Pick<CallerLabel, "name" | "agent" | "others">) => string {
  const t = useTranslations("preflight");
  return ({ name, agent, others }) => {
    if (others) return t("others");
    return name ?? (agent === "" ? t("noAgent") : agent);
  };
}
