"use client";

import { useTranslations } from "next-intl";
import { code } from "@/components/instances/code-tag";
import { Button } from "@/components/ui/button";
import type { AddressRestrictionView } from "@/lib/domain/address-view";

interface CurrentAddressProps {
  readonly current: AddressRestrictionView["current"];
  readonly pending: boolean;
  readonly onAdd: () => void;
}

/** Where the person is, as Latchkey sees it, with a way to put that on the list; says when it looks wrong. */
export function CurrentAddress({ current, pending, onAdd }: CurrentAddressProps) {
  const t = useTranslations("addresses");
  const { address, kind, listed } = current;
  const known = address !== null && kind !== null;
  const state = !known ? "unknown" : listed ? "listed" : kind;
  return (
    <>
      {known && !listed && (
        <Button pending={pending} onClick={onAdd}>
          {t("add.current")}
        </Button>
      )}
      <p className="min-w-60 flex-1 text-pretty text-muted wrap-anywhere">
        {t.rich(`current.${state}`, { code, address: address ?? "" })}
      </p>
    </>
  );
}
