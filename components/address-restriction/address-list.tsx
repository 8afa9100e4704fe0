"use client";

import { Pencil, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { OneFieldDialog } from "@/components/shell/one-field-form";
import { Button } from "@/components/ui/button";
import { DateTime } from "@/components/ui/date-time";
import { WrapText } from "@/components/ui/text";
import { noteAddressAction } from "@/lib/actions/addresses";
import type { AddressRuleView } from "@/lib/domain/address-view";
import { RemoveDialog } from "./lock-out-dialogs";

/** Entries shown before one asks for all. */
const shownAtFirst = 20;

interface AllowedAddressesProps {
  readonly rules: readonly AddressRuleView[];
  readonly enforced: boolean;
  readonly accountName: string;
  readonly mayChange: boolean;
}

/** The entries, newest first, and what can be done with each. */
export function AllowedAddresses({ rules, enforced, accountName, mayChange }: AllowedAddressesProps) {
  const t = useTranslations("addresses.list");
  const note = useTranslations("addresses.note");
  const [all, setAll] = useState(false);
  const [open, setOpen] = useState<{ what: "edit" | "remove"; rule: AddressRuleView } | null>(null);
  const shown = all ? rules : rules.slice(0, shownAtFirst);
  const close = () => setOpen(null);

  const button = (what: "edit" | "remove", rule: AddressRuleView) => (
    <Button
      variant="quiet"
      size="sm"
      aria-label={`${t(what)}: ${rule.cidr}`}
      title={t(what)}
      onClick={() => setOpen({ what, rule })}
    >
      {what === "edit" ? <Pencil aria-hidden /> : <Trash2 aria-hidden />}
    </Button>
  );

  return (
    <div>
      <ul aria-label={t("label")} className="divide-y divide-line border-line border-y">
        {shown.map((rule) => (
          <li key={rule.id} className="flex items-center justify-between gap-4 py-2.5">
            <Entry rule={rule} />
            {mayChange && (
              <div className="flex shrink-0 gap-0.5">
                {button("edit", rule)}
                {button("remove", rule)}
              </div>
            )}
          </li>
        ))}
      </ul>
      {shown.length < rules.length && (
        <Button className="mt-3" onClick={() => setAll(true)}>
          {t("all", { count: rules.length })}
        </Button>
      )}
      {open?.what === "edit" && (
        <OneFieldDialog
          title={<span className="wrap-anywhere">{note("title", { address: open.rule.cidr })}</span>}
          name="note"
          label={note("field")}
          hint={note("hint")}
          value={open.rule.note}
          submit={note("submit")}
          save={(typed) => noteAddressAction({ ruleId: open.rule.id, note: typed })}
          saved={() => note("done")}
          live
          onClose={close}
        />
      )}
      {open?.what === "remove" && (
        <RemoveDialog rule={open.rule} enforced={enforced} accountName={accountName} onClose={close} />
      )}
    </div>
  );
}

/** The address, its note, and since when. */
function Entry({ rule: { cidr, note, createdAt } }: { readonly rule: AddressRuleView }) {
  const t = useTranslations("addresses.list");
  const when = () => <DateTime date={createdAt} precision="date" />;
  return (
    <div className="min-w-0 wrap-anywhere">
      <span className="font-mono font-semibold">
        <WrapText>{cidr}</WrapText>
      </span>{" "}
      <span className="ml-1 text-muted text-xs">{t.rich("added", { when })}</span>
      {note && <span className="block text-pretty text-muted">{note}</span>}
    </div>
  );
}
