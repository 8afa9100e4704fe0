import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { addressStatus } from "@/lib/domain/address-rule";
import type { AddressRestrictionView } from "@/lib/domain/address-view";

/** What the list does now, and to whom, in a sentence or two. */
export function AddressSentence({ view }: { readonly view: AddressRestrictionView }) {
  const t = useTranslations("addresses.state");
  const { mode, rules, forecast, rejections } = view;
  const b = (chunks: ReactNode) => <b className="font-semibold text-text">{chunks}</b>;
  if (forecast) {
    const { total, passing, unknown } = forecast;
    return total + passing + unknown === 0 ? t("unheard") : t.rich("observe", { b, total, passing });
  }
  if (rejections) return t.rich("enforce", { b, rules: rules.length, total: rejections.total });
  const status = addressStatus(mode, rules.length);
  return t(status === "none" ? "none" : "off");
}
