import { Pencil, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { DateTime } from "@/components/ui/date-time";
import type { AddressRuleView } from "@/lib/domain/address-view";

interface AddressRowProps {
  readonly rule: AddressRuleView;
  /** null: this person may look but not change. */
  readonly onNote: (() => void) | null;
  readonly onRemove: (() => void) | null;
}

/** One entry: the address, its note, since when, and its buttons. */
export function AddressRow({ rule, onNote, onRemove }: AddressRowProps) {
  const t = useTranslations("addresses.list");
  const { cidr, note, createdAt } = rule;
  const when = () => <DateTime date={createdAt} precision="date" />;
  return (
    <li className="flex items-center justify-between gap-4 py-2.5">
      <div className="min-w-0 wrap-anywhere">
        <span className="font-mono font-semibold">{cidr}</span>{" "}
        <span className="ml-1 text-muted text-xs">{t.rich("added", { when })}</span>
        {note && <span className="block text-pretty text-muted">{note}</span>}
      </div>
      {onNote && onRemove && (
        <div className="flex shrink-0 gap-0.5">
          <Button
            variant="quiet"
            size="sm"
            aria-label={`${t("edit")}: ${cidr}`}
            title={t("edit")}
            onClick={onNote}
          >
            <Pencil aria-hidden />
          </Button>
          <Button
            variant="quiet"
            size="sm"
            aria-label={`${t("remove")}: ${cidr}`}
            title={t("remove")}
            onClick={onRemove}
          >
            <Trash2 aria-hidden />
          </Button>
        </div>
      )}
    </li>
  );
}
