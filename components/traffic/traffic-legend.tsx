import { useFormatter, useTranslations } from "next-intl";
import { classNames } from "@/components/ui/class-names";
import type { TrafficView } from "@/lib/domain/traffic";

/** What the two colours mean, how much there was of each, and why calls were rejected. */
export function TrafficLegend({ traffic }: { readonly traffic: TrafficView }) {
  const t = useTranslations("traffic");
  const format = useFormatter();
  const { accepted, rejected, reasons } = traffic;
  return (
    <div className="flex flex-wrap gap-x-8 gap-y-3">
      <Total label={t("accepted")} value={format.number(accepted)} mark="bg-accent" />
      <Total label={t("rejected")} value={format.number(rejected)} mark="bg-bad" />
      {reasons.length > 0 && (
        <section aria-label={t("reasonsTitle")} className="min-w-0 sm:border-line sm:border-l sm:pl-8">
          <h3 className="text-muted text-xs">{t("reasonsTitle")}</h3>
          <ul className="mt-1 flex flex-wrap gap-x-4 gap-y-0.5">
            {reasons.map(({ reason, requests }) => (
              <li key={reason}>
                <span className="font-semibold tabular-nums">{format.number(requests)}</span>{" "}
                {t(`reason.${reason}`)}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function Total({
  label,
  value,
  mark,
}: {
  readonly label: string;
  readonly value: string;
  readonly mark: string;
}) {
  return (
    <p>
      <span className="flex items-center gap-1.5 text-muted text-xs">
        <span aria-hidden className={classNames("size-2 rounded-full", mark)} />
        {label}
      </span>{" "}
      <span className="font-semibold text-2xl tabular-nums tracking-tight">{value}</span>
    </p>
  );
}
