"use client";

import { useTranslations } from "next-intl";
import { useCallerTitle } from "@/components/preflight/use-caller-title";
import { RelativeTime } from "@/components/ui/relative-time";
import type { AddressCallerView, AddressForecastView } from "@/lib/domain/address-view";

/** Callers that a dialog names; the rest is counted. */
const named = 5;

/** Who would be rejected: some by name, all by number, and those nobody can tell. Nothing when there is nobody. */
export function RejectedCallers({ forecast }: { readonly forecast: AddressForecastView }) {
  const t = useTranslations("addresses.callers");
  const { total, inUse, unknown } = forecast;
  const callers = forecast.callers.slice(0, named);
  const more = total - callers.length;
  const which = inUse === 0 ? "none" : inUse === total ? "all" : "some";
  if (total + unknown === 0) return null;
  return (
    <div className="grid gap-2 rounded-md border border-line">
      {total > 0 && (
        <p className="px-3.5 pt-3 text-pretty">
          <b className="font-semibold">{t("would", { total })}</b> {t("inUse", { which, inUse, total })}
        </p>
      )}
      <ul aria-label={t("label")} className="divide-y divide-line border-line not-first:border-t">
        {callers.map((caller) => (
          <li key={caller.id} className="px-3.5 py-2 wrap-anywhere">
            <Who caller={caller} />
          </li>
        ))}
        {more > 0 && <li className="px-3.5 py-2 text-muted">{t("more", { more })}</li>}
        {unknown > 0 && <li className="px-3.5 py-2 text-pretty text-muted">{t("unknown", { unknown })}</li>}
      </ul>
    </div>
  );
}

function Who({ caller }: { readonly caller: AddressCallerView }) {
  const t = useTranslations("addresses.callers");
  const preflight = useTranslations("preflight");
  const title = useCallerTitle();
  const requests = t("requests", { count: caller.requests });
  return (
    <>
      <span className="font-semibold">{title(caller)}</span>{" "}
      <span className="font-mono text-muted text-xs">{caller.address ?? preflight("noAddress")}</span>
      <span className="block text-muted text-xs">
        {t("on", { instance: caller.instanceName, requests })}
        <RelativeTime date={caller.lastSeenAt} />
      </span>
    </>
  );
}
