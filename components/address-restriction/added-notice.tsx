"use client";

import { useTranslations } from "next-intl";
import { Notice } from "@/components/ui/status";
import { code } from "@/components/ui/text";
import type { AddedRules } from "@/lib/domain/address-view";

/** What is worth knowing about entries just added: that they were there, or overlap with others. */
export function AddedNotice({ added }: { readonly added: AddedRules }) {
  const t = useTranslations("addresses.add");
  const { known, overlaps } = added;
  return (
    <div role="status">
      {known + overlaps.length > 0 && (
        <Notice tone="idle">
          {known > 0 && <p>{t("known", { count: known })}</p>}
          {overlaps.map(({ cidr, inside, other }) => (
            <p key={`${cidr} ${other}`}>
              {t.rich(inside ? "inside" : "around", { code, address: cidr, other })}
            </p>
          ))}
        </Notice>
      )}
    </div>
  );
}
