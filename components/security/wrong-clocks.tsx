import { useTranslations } from "next-intl";
import { CardBody } from "@/components/ui/card";
import { Notice } from "@/components/ui/status";
import type { WrongClock } from "@/lib/domain/confirmation";

/** Gates whose clock is off, and what that does: the end of an overlap comes by the clock of the gate. */
export function WrongClocks({ clocks }: { readonly clocks: readonly WrongClock[] }) {
  const t = useTranslations("security.confirmation");
  if (clocks.length === 0) return null;
  return (
    <CardBody>
      <Notice tone="warn" title={t("clockTitle", { count: clocks.length })}>
        <ul aria-label={t("clocks")} className="mt-1 grid gap-2">
          {clocks.map(({ gateId, host, pid, aheadMs }) => (
            <li key={gateId}>
              {t.rich(aheadMs > 0 ? "ahead" : "behind", {
                host,
                pid: String(pid),
                seconds: Math.round(Math.abs(aheadMs) / 1000),
                name: (chunks) => <b className="font-semibold wrap-anywhere">{chunks}</b>,
              })}
            </li>
          ))}
        </ul>
        <p className="mt-1 text-muted">{t("clockFix")}</p>
      </Notice>
    </CardBody>
  );
}
