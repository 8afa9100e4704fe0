import { useTranslations } from "next-intl";
import { CardBody } from "@/components/ui/card";
import { DateTime } from "@/components/ui/date-time";
import { Notice } from "@/components/ui/status";
import { code } from "@/components/ui/text";
import type { RotationProgress } from "@/lib/domain/caller-view";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { OldTokenCallers } from "./old-token-callers";
import { RefreshAt } from "./refresh-at";
import { RotationButtons } from "./rotation-buttons";

interface RotationStateProps {
  readonly view: SecurityTokenView;
  readonly progress: RotationProgress | null;
}

/** While two tokens are accepted: which they are, until when the old one is, who still sends it, and the ways to end it. */
export function RotationState({ view, progress }: RotationStateProps) {
  const t = useTranslations("security.rotation");
  const { retiring } = view;
  if (!retiring) return null;
  const { retireAt } = retiring;
  const values = { code, old: retiring.lastFour, lastFour: view.lastFour ?? "" };
  const when = () => retireAt && <DateTime date={retireAt} />;
  const sending = progress ? progress.total + progress.folded : 0;
  return (
    <CardBody>
      <Notice tone={sending > 0 ? "warn" : "idle"} title={t("title")}>
        <p>{retireAt ? t.rich("until", { ...values, when }) : t.rich("open", values)}</p>
        {progress && (
          <div className="mt-2 grid gap-2">
            <p className="font-semibold">
              {t("sending", { total: progress.total, folded: progress.folded })}
            </p>
            {sending > 0 && <OldTokenCallers progress={progress} />}
          </div>
        )}
        <RotationButtons view={view} />
        {retireAt && <RefreshAt at={retireAt} />}
      </Notice>
    </CardBody>
  );
}
