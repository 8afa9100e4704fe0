import { useTranslations } from "next-intl";
import { TextLink } from "@/components/ui/link";
import type { TokenStatus } from "@/lib/domain/enforcement";
import type { RejectedLately } from "@/lib/domain/rejection";
import { rejectedHref } from "./rejected-href";

interface RejectedSentenceProps {
  readonly rejected: RejectedLately;
  readonly status: TokenStatus;
}

/** How many callers were rejected in the last hour, and the way to them; nothing where nobody could be. */
export function RejectedSentence({ rejected: { callers, folded }, status }: RejectedSentenceProps) {
  const t = useTranslations("rejected");
  const demanded = status === "staged" || status === "active";
  if (callers === 0 && !folded) return demanded && t("lastHour", { callers });
  return (
    <>
      <b className="font-semibold text-text">
        {folded ? t("lastHourAtLeast", { callers: callers + 1 }) : t("lastHour", { callers })}
      </b>{" "}
      <TextLink href={rejectedHref()} prefetch={false} className="whitespace-nowrap">
        {t("see")}
      </TextLink>
    </>
  );
}
