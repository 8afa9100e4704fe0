import { useTranslations } from "next-intl";

/** The share of requests that came from callers that are ready, as a number and a bar. */
export function PreflightMeter({ share }: { readonly share: number }) {
  const t = useTranslations("preflight");
  // Nearly all is not all.
  const shown = share < 1 ? Math.min(share, 0.99) : 1;
  const whole = shown > 0 ? Math.max(shown, 0.01) : 0;
  return (
    <div className="flex flex-1 items-center gap-3.5">
      <strong className="font-semibold text-2xl tabular-nums tracking-tight">
        {t("share", { share: whole })}
      </strong>
      <svg
        role="img"
        aria-label={t("meter", { share: whole })}
        viewBox="0 0 100 8"
        preserveAspectRatio="none"
        className="h-2 min-w-0 flex-1 rounded-md bg-warn-soft"
      >
        <rect width={share * 100} height="8" className="fill-good" />
        <rect x={share * 100} width={100 - share * 100} height="8" className="fill-warn" />
      </svg>
    </div>
  );
}
