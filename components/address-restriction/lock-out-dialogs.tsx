"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ConsequenceDialog } from "@/components/consequence/consequence-dialog";
import { wireAnswers } from "@/components/instances/samples";
import { nameTag } from "@/components/shell/deletion-dialog";
import { FailureNotice } from "@/components/shell/refusal";
import { code, Effects } from "@/components/ui/text";
import { toast } from "@/components/ui/toaster";
import {
  enforceAddressesAction,
  forecastAddressesAction,
  removeAddressAction,
} from "@/lib/actions/addresses";
import type { AddressForecastView, AddressRuleView } from "@/lib/domain/address-view";
import type { ActionResult } from "@/lib/domain/errors";
import type { NamedCallers } from "@/lib/domain/named-callers";

interface EnforceDialogProps {
  /** Goes on with the region while the dialog is open, which then offers to look again. */
  readonly forecast: AddressForecastView;
  readonly rules: number;
  readonly accountName: string;
  readonly onClose: () => void;
}

/** Enforces the list, and says first who would be rejected. */
export function EnforceDialog({ forecast, rules, accountName, onClose }: EnforceDialogProps) {
  const t = useTranslations("addresses.enforce");
  const { total, unknown, callers } = forecast;
  return (
    <LockOutDialog
      title={t("title")}
      description={t("description", { rules })}
      ruleId={null}
      moment={JSON.stringify([total, unknown, callers.map(({ id }) => id).sort()])}
      label={t.rich("confirm", { value: accountName, name: nameTag })}
      submit={t("submit")}
      variant="primary"
      done={t("done")}
      run={(confirmation, named) => enforceAddressesAction({ confirmation, named })}
      onClose={onClose}
    >
      <Effects>
        <li>{t.rich("answer", { code, answer: wireAnswers.address })}</li>
        <li>{t("undo")}</li>
      </Effects>
    </LockOutDialog>
  );
}

interface RemoveDialogProps {
  readonly rule: AddressRuleView;
  readonly enforced: boolean;
  readonly accountName: string;
  readonly onClose: () => void;
}

/** Takes an entry off the list; while it is enforced, says first who depends on it, as things are now. */
export function RemoveDialog({ rule, enforced, accountName, onClose }: RemoveDialogProps) {
  const t = useTranslations("addresses.remove");
  return (
    <LockOutDialog
      title={<span className="wrap-anywhere">{t("title", { address: rule.cidr })}</span>}
      ruleId={enforced ? rule.id : undefined}
      label={t.rich("confirm", { value: accountName, name: nameTag })}
      submit={t("submit")}
      variant="danger"
      done={t("done", { address: rule.cidr })}
      run={(confirmation, named) => removeAddressAction({ ruleId: rule.id, confirmation, named })}
      onClose={onClose}
    >
      <Effects>
        <li>{t("open", { enforced: enforced ? "yes" : "no" })}</li>
        {rule.note && <li className="wrap-anywhere">{t("noted", { note: rule.note })}</li>}
      </Effects>
    </LockOutDialog>
  );
}

interface LockOutDialogProps {
  readonly title: ReactNode;
  readonly description?: string;
  /** The entry that would be taken off; null: the list would be enforced; undefined: nobody is rejected. */
  readonly ruleId: string | null | undefined;
  readonly moment?: string;
  /** Asks for the account's name; holds it. */
  readonly label: ReactNode;
  readonly submit: string;
  readonly variant: "primary" | "danger";
  /** Said once it is done. */
  readonly done: string;
  readonly run: (confirmation: string, named: NamedCallers) => Promise<ActionResult<unknown>>;
  readonly onClose: () => void;
  /** What the change does. */
  readonly children: ReactNode;
}

/** A change of the list that may lock callers out. */
function LockOutDialog({ ruleId, label, done, onClose, ...dialog }: LockOutDialogProps) {
  return (
    <ConsequenceDialog
      {...dialog}
      read={ruleId === undefined ? null : () => forecastAddressesAction({ ruleId })}
      nameLabel={label}
      problemOf={(failure) => <FailureNotice live failure={failure} shown={["confirmation"]} />}
      onDone={() => {
        toast.success(done);
        onClose();
      }}
      onClose={onClose}
    />
  );
}
