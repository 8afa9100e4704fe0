"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { wireAnswers } from "@/components/instances/samples";
import { useCallerTitle } from "@/components/preflight/caller-words";
import { ConfirmName, nameTag } from "@/components/shell/deletion-dialog";
import { fieldError } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { RelativeTime } from "@/components/ui/relative-time";
import { Notice } from "@/components/ui/status";
import { code, Effects } from "@/components/ui/text";
import { toast } from "@/components/ui/toaster";
import { enforceAddressesAction, forecastRemovalAction, removeAddressAction } from "@/lib/actions/addresses";
import type { AddressCallerView, AddressForecastView, AddressRuleView } from "@/lib/domain/address-view";
import type { ActionResult } from "@/lib/domain/errors";
import { AddressFailure } from "./address-failure";

interface EnforceDialogProps {
  /** Goes on with the region while the dialog is open: who appears now is named now. */
  readonly forecast: AddressForecastView;
  readonly rules: number;
  readonly accountName: string;
  readonly onClose: () => void;
}

/** Enforces the list, and says first who would be rejected. */
export function EnforceDialog({ forecast, rules, accountName, onClose }: EnforceDialogProps) {
  const t = useTranslations("addresses.enforce");
  const { total, unknown, passing } = forecast;
  const breaking = total + unknown > 0;
  return (
    <LockOutDialog
      title={t("title")}
      description={t("description", { rules })}
      forecast={forecast}
      label={t.rich("confirm", { value: accountName, name: nameTag })}
      submit={t("submit")}
      danger={breaking}
      done={t("done")}
      run={(confirmation) => enforceAddressesAction({ confirmation })}
      onClose={onClose}
    >
      {!breaking && <Notice tone={passing > 0 ? "good" : "idle"}>{t("nobody", { passing })}</Notice>}
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
  const [forecast, setForecast] = useState<AddressForecastView | null>(null);
  const asked = useRef(false);

  useEffect(() => {
    if (!enforced || asked.current) return;
    asked.current = true;
    void look();
  });

  async function look() {
    // The use case asks for the name anyway if this fails.
    const result = await forecastRemovalAction({ ruleId: rule.id }).catch(() => null);
    if (result?.ok) setForecast(result.data);
  }

  return (
    <LockOutDialog
      title={<span className="wrap-anywhere">{t("title", { address: rule.cidr })}</span>}
      forecast={forecast}
      label={t.rich("confirm", { value: accountName, name: nameTag })}
      submit={t("submit")}
      danger
      done={t("done", { address: rule.cidr })}
      run={(confirmation) => removeAddressAction({ ruleId: rule.id, confirmation })}
      onNameAsked={look}
      onClose={onClose}
    >
      <Effects>
        <li>{t("open", { enforced: enforced ? "yes" : "no" })}</li>
        {forecast?.total === 0 && forecast.unknown === 0 && <li>{t("nobody")}</li>}
        {rule.note && <li className="wrap-anywhere">{t("noted", { note: rule.note })}</li>}
      </Effects>
    </LockOutDialog>
  );
}

interface LockOutDialogProps {
  readonly title: ReactNode;
  readonly description?: string;
  /** Who would be rejected; null while that is not known, or nobody would. */
  readonly forecast: AddressForecastView | null;
  /** Asks for the account's name; holds it. */
  readonly label: ReactNode;
  readonly submit: string;
  readonly danger: boolean;
  /** Said once it is done. */
  readonly done: string;
  readonly run: (confirmation: string) => Promise<ActionResult<unknown>>;
  /** It was refused for the name: somebody in use has appeared. */
  readonly onNameAsked?: () => void;
  readonly onClose: () => void;
  /** What the change does. */
  readonly children: ReactNode;
}

/** Says who would be rejected, by name and number; with a caller in use among them, asks for the account's name. */
function LockOutDialog(props: LockOutDialogProps) {
  const { title, description, forecast, label, danger, done, run, onNameAsked, onClose, children } = props;
  const t = useTranslations("addresses.action");
  const { pending, failure, form, submit } = useSubmission();
  const [confirmation, setConfirmation] = useState("");
  const confirmError = fieldError(failure, "confirmation");
  const confirm = forecast?.confirm || confirmError !== undefined;
  const wide = confirm || (forecast !== null && forecast.total + forecast.unknown > 0);

  function send() {
    void submit(
      () => run(confirmation),
      (result) => {
        if (!result.ok) return void (fieldError(result, "confirmation") && onNameAsked?.());
        toast.success(done);
        onClose();
      },
    );
  }

  return (
    <Dialog open size={wide ? "lg" : "md"} onOpenChange={onClose} title={title} description={description}>
      <form ref={form} action={send} noValidate>
        <div className="grid gap-4">
          <AddressFailure failure={failure} shown={["confirmation"]} />
          {forecast && <RejectedCallers forecast={forecast} />}
          {children}
          {confirm && (
            <ConfirmName
              name="confirmation"
              label={label}
              value={confirmation}
              error={confirmError}
              onChange={setConfirmation}
            />
          )}
        </div>
        <DialogActions>
          <Button data-autofocus onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button type="submit" variant={danger ? "danger" : "primary"} pending={pending}>
            {props.submit}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** Callers that a dialog names; the rest is counted. */
const named = 5;

/** Who would be rejected: some by name, all by number, and those nobody can tell. Nothing when there is nobody. */
function RejectedCallers({ forecast }: { readonly forecast: AddressForecastView }) {
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
