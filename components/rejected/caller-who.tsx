import { useTranslations } from "next-intl";
import { useCallerTitle } from "@/components/preflight/use-caller-title";
import type { CallerLabel } from "@/lib/domain/caller-view";

interface CallerWhoProps {
  readonly caller: CallerLabel & { readonly userAgent: string };
}

/** Name or program, the program again under a name, and the address; the full user agent on hover. */
export function CallerWho({ caller }: CallerWhoProps) {
  const t = useTranslations("preflight");
  const title = useCallerTitle();
  const { name, agent, address, others, userAgent } = caller;
  return (
    <>
      <span className="font-semibold wrap-anywhere" title={userAgent || undefined}>
        {title(caller)}
      </span>
      <span className="block text-muted text-xs wrap-anywhere">
        {others ? (
          t("othersHint")
        ) : (
          <>
            {name !== null && agent !== "" && `${agent} · `}
            <span className="font-mono">{address ?? t("noAddress")}</span>
          </>
        )}
      </span>
    </>
  );
}
