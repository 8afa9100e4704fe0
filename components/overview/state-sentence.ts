import type { useTranslations } from "next-intl";
import type { OverviewView } from "@/lib/domain/overview";

/** The state of the account in one or two sentences of plain truth. */
export function stateSentence(
  { token, pausedInstances }: OverviewView,
  t: ReturnType<typeof useTranslations<"overview">>,
): string {
  const numbers = { total: token.totalInstances, enforced: token.enforcedInstances };
  const empty = token.status === "none" && token.totalInstances === 0;
  const sentence = t(empty ? "lede.empty" : `lede.${token.status}`, numbers);
  return pausedInstances > 0 ? `${sentence} ${t("paused", { count: pausedInstances })}` : sentence;
}
