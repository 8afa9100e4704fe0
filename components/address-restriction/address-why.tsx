import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

/** Before there is an entry: what the list is good for, and that filling it hurts nobody. */
export function AddressWhy() {
  const t = useTranslations("addresses.why");
  const b = (chunks: ReactNode) => <b className="font-semibold">{chunks}</b>;
  return (
    <div className="grid max-w-180 gap-2">
      <h3 className="font-semibold">{t("title")}</h3>
      <p className="text-pretty">{t("leak")}</p>
      <p className="text-pretty">{t.rich("ladder", { b })}</p>
    </div>
  );
}
