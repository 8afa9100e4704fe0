import { useTranslations } from "next-intl";
import { useCallerTitle } from "@/components/preflight/caller-words";
import { RelativeTime } from "@/components/ui/relative-time";
import type { OldTokenCaller, RotationProgress } from "@/lib/domain/caller-view";

/** Who still sends the old token of a rotation: some by name and instance, all by number. */
export function OldTokenCallers({ progress }: { readonly progress: RotationProgress }) {
  const t = useTranslations("security.oldToken");
  const counted = useTranslations("preflight.dialog");
  const { callers, total, folded } = progress;
  const more = total - callers.length;
  return (
    <ul aria-label={t("list")} className="grid gap-1.5">
      {callers.map((caller) => (
        <Row key={caller.id} caller={caller} />
      ))}
      {more > 0 && <li className="text-muted">{counted("more", { more })}</li>}
      {folded > 0 && <li className="text-muted">{counted("folded", { folded })}</li>}
    </ul>
  );
}

function Row({ caller }: { readonly caller: OldTokenCaller }) {
  const t = useTranslations("security.oldToken");
  const unknown = useTranslations("preflight")("noAddress");
  const title = useCallerTitle();
  return (
    <li className="wrap-anywhere">
      <span className="font-semibold">{title(caller)}</span>{" "}
      <span className="font-mono text-muted text-xs">{caller.address ?? unknown}</span>
      <span className="block text-muted text-xs">
        {t.rich("on", {
          instance: caller.instanceName,
          when: () => <RelativeTime date={caller.lastSeenAt} />,
        })}
      </span>
    </li>
  );
}
