"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import type { AddressRuleView } from "@/lib/domain/address-view";
import type { AddressActions } from "./address-actions";
import { AddressRow } from "./address-row";
import { NoteDialog } from "./note-dialog";
import { RemoveDialog } from "./remove-dialog";

/** Entries shown before one asks for all. */
const shownAtFirst = 20;

interface AddressListProps {
  readonly rules: readonly AddressRuleView[];
  readonly enforced: boolean;
  readonly accountName: string;
  /** null: this person may look but not change. */
  readonly actions: AddressActions | null;
}

/** The entries, newest first, and what can be done with each. */
export function AddressList({ rules, enforced, accountName, actions }: AddressListProps) {
  const t = useTranslations("addresses.list");
  const [all, setAll] = useState(false);
  const [open, setOpen] = useState<{ what: "note" | "remove"; rule: AddressRuleView } | null>(null);
  const shown = all ? rules : rules.slice(0, shownAtFirst);
  const close = () => setOpen(null);
  return (
    <div>
      <ul aria-label={t("label")} className="divide-y divide-line border-line border-y">
        {shown.map((rule) => (
          <AddressRow
            key={rule.id}
            rule={rule}
            onNote={actions && (() => setOpen({ what: "note", rule }))}
            onRemove={actions && (() => setOpen({ what: "remove", rule }))}
          />
        ))}
      </ul>
      {shown.length < rules.length && (
        <Button className="mt-3" onClick={() => setAll(true)}>
          {t("all", { count: rules.length })}
        </Button>
      )}
      {actions && open?.what === "note" && <NoteDialog rule={open.rule} run={actions.note} onClose={close} />}
      {actions && open?.what === "remove" && (
        <RemoveDialog
          rule={open.rule}
          enforced={enforced}
          accountName={accountName}
          actions={actions}
          onClose={close}
        />
      )}
    </div>
  );
}
