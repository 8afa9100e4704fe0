import { useTranslations } from "next-intl";
import { DateTime } from "@/components/ui/date-time";
import type { PreflightView } from "@/lib/domain/caller-view";
import type { TokenStatus } from "@/lib/domain/enforcement";
import { isHeard } from "./is-heard";

interface PreflightSentenceProps {
  readonly view: PreflightView;
  readonly status: TokenStatus;
}

/** What activating would do, or does, to the callers we know of, in a sentence or two. */
export function PreflightSentence({ view, status }: PreflightSentenceProps) {
  const t = useTranslations("preflight");
  const { counts, wouldReject, rejectsNow, foldedRejected, since, share, unchecked } = view;
  const { mightReject, mightRejectNow, foldedUnproven } = view;
  const silent = counts.quiet - unchecked;
  const when = () => <DateTime date={since} />;
  const verdict = (
    <b className="font-semibold text-text">
      {status !== "disabled" && `${t("rejects", { count: rejectsNow, maybe: mightRejectNow })} `}
      {status !== "active" &&
        t(status === "staged" ? "wouldRest" : "would", { count: wouldReject, maybe: mightReject })}
    </b>
  );
  if (!isHeard(view)) {
    return (
      <p className="text-pretty text-muted">
        {mightReject + mightRejectNow > 0 && verdict}{" "}
        {unchecked > 0 ? t("unchecked", { count: unchecked }) : t.rich("onlyQuiet", { when })}{" "}
        {foldedUnproven > 0 && t("foldedUnproven", { folded: foldedUnproven })}
      </p>
    );
  }
  return (
    <p className="text-pretty text-muted">
      {share === null ? t("noRequests") : t("shareText")} {verdict}{" "}
      {silent > 0 && t.rich("quiet", { count: silent, when })}{" "}
      {unchecked > 0 && t("unchecked", { count: unchecked })}{" "}
      {foldedRejected > 0 && t("folded", { count: foldedRejected })}{" "}
      {foldedUnproven > 0 && t("foldedUnproven", { folded: foldedUnproven })}
    </p>
  );
}
