"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { code } from "@/components/ui/text";
import type { AddressRestrictionView } from "@/lib/domain/address-view";

interface CurrentAddressProps {
  /** Other ways to add, beside the button. */
  readonly children: ReactNode;
  readonly current: AddressRestrictionView["current"];
  readonly pending: boolean;
  readonly onAdd: () => void;
}

/** Where the person is, as Latchkey sees it, with a way to put that on the list; says when it looks wrong. */
export function CurrentAddress({ current, pending, onAdd, children }: CurrentAddressProps) {
  const t = useTranslations("addresses");
  const { address, kind, listed } = current;
  const known = address !== null && kind !== null;
  const state = !known ? "unknown" : listed ? "listed" : kind;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      {known && !listed && (
        <Button pending={pending} onClick={onAdd}>
          {t("add.current")}
        </Button>
      )}
      {children}
      <p className="basis-full text-pretty text-muted wrap-anywhere">
        {t.rich(`current.${state}`, { code, address: address ?? "" })}
      </p>
    </div>
  );
}
