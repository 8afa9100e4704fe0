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
  const silent = counts.quiet - unchecked;
  const when = () => <DateTime date={since} />;
  if (!isHeard(view)) {
    return (
      <p className="text-pretty text-muted">
        {unchecked > 0 ? t("unchecked", { count: unchecked }) : t.rich("onlyQuiet", { when })}
      </p>
    );
  }
  return (
    <p className="text-pretty text-muted">
      {share === null ? t("noRequests") : t("shareText")}{" "}
      <b className="font-semibold text-text">
        {status !== "disabled" && `${t("rejects", { count: rejectsNow })} `}
        {status !== "active" && t(status === "staged" ? "wouldRest" : "would", { count: wouldReject })}
      </b>{" "}
      {silent > 0 && t.rich("quiet", { count: silent, when })}{" "}
      {unchecked > 0 && t("unchecked", { count: unchecked })}{" "}
      {foldedRejected > 0 && t("folded", { count: foldedRejected })}
    </p>
  );
}
