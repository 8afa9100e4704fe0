"use client";

import { useFormatter, useTranslations } from "next-intl";
import { type ReactNode, type RefObject, useRef, useState } from "react";
import { ActivationCallers } from "@/components/consequence/affected-callers";
import { NewerCallers } from "@/components/consequence/consequence-dialog";
import { wireAnswers } from "@/components/instances/samples";
import { ConfirmName, nameTag } from "@/components/shell/deletion-dialog";
import { fieldError } from "@/components/shell/refusal";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { code, Effects } from "@/components/ui/text";
import { toast } from "@/components/ui/toaster";
import {
  activateOnReadyAction,
  activateTokenAction,
  forecastActivationAction,
} from "@/lib/actions/security-token";
import type { ActivationForecast } from "@/lib/domain/caller-view";
import { breaksAnybody, hasOutlookChanged } from "@/lib/domain/consequence";
import type { FieldError } from "@/lib/domain/errors";
import { namedBy } from "@/lib/domain/named-callers";
import type { TokenDialogProps } from "./token-dialog";
import { TokenFailure } from "./token-failure";

interface ActivateDialogProps extends TokenDialogProps {
  /** What was found when it opened. */
  readonly forecast: ActivationForecast;
  /** To be typed before callers are knowingly rejected. */
  readonly accountName: string;
  /** The form whose refused field gets the focus. */
  readonly form: RefObject<HTMLFormElement | null>;
  /** Forgets what was refused. */
  readonly clear: () => void;
}

/**
 * Says who would or may be rejected, by name and number, before the token is activated. With nobody it is one click;
 * else the ready instances are one click, and everything takes typing the account's name. Callers are named as they
 * were when the dialog opened, or when its reader looked again: nothing moves under the pointer.
 */
export function ActivateDialog(props: ActivateDialogProps) {
  const { page, seen, accountName, pending, failure, form, run, clear, onCancel } = props;
  const t = useTranslations("security.dialog.activate");
  const partly = useTranslations("preflight.dialog");
  const cancel = useTranslations("common")("cancel");
  const [forecast, setForecast] = useState(props.forecast);
  const callers = useRef<HTMLDivElement>(null);
  const now = page.preflight?.forecast;
  const { readyInstances: ready, unreadyInstances: unready } = forecast;
  const tokenId = seen.tokenId ?? "";
  const confirmError = fieldError(failure, "confirmation");
  // A caller can have come since: the use case has the last word.
  const breaking = breaksAnybody(forecast) || confirmError !== undefined;

  async function activate(confirmation: string) {
    const result = await run(
      () => activateTokenAction({ tokenId, confirmation, named: namedBy(forecast) }),
      ({ totalInstances: total }) => toast.success(t("done", { total })),
    );
    // What was refused was judged by newer callers.
    if (result && !result.ok && result.code === "invalid") await look();
  }

  async function look() {
    const found = await forecastActivationAction({ instanceId: null }).catch(() => null);
    if (found?.ok && found.data) setForecast(found.data);
  }

  function activateWhereReady() {
    void run(
      () => activateOnReadyAction({ tokenId }),
      ({ enforcedInstances: enforced, totalInstances: total }) =>
        toast.success(partly("readyDone", { enforced, total })),
    );
  }

  function lookAgain() {
    clear();
    void look();
    callers.current?.focus();
  }

  return (
    <Dialog
      open
      size={breaking ? "lg" : "md"}
      onOpenChange={onCancel}
      title={t("title")}
      description={
        breaking && ready > 0
          ? partly("partly", { ready, unready })
          : t("description", { total: seen.totalInstances })
      }
    >
      <div className="grid gap-4">
        {failure && <TokenFailure change="activate" failure={failure} />}
        <div ref={callers} tabIndex={-1} data-autofocus={breaking || undefined} className="rounded-md">
          <ActivationCallers forecast={forecast} total={seen.totalInstances} />
        </div>
        {breaking ? (
          <div className="divide-y divide-line rounded-md border border-line">
            {ready > 0 && (
              <div className="flex flex-col gap-3 p-3.5 sm:flex-row sm:items-center">
                <ReadyInstances forecast={forecast} />
                <Button variant="primary" pending={pending} onClick={activateWhereReady} className="shrink-0">
                  {partly("ready")}
                </Button>
              </div>
            )}
            <div className="p-3.5">
              <EnforceAnyway
                {...{ pending, form }}
                label={partly.rich("confirm", { value: accountName, name: nameTag })}
                submit={t("submit")}
                error={confirmError}
                onConfirm={activate}
              />
            </div>
          </div>
        ) : (
          <Activation lastFour={seen.lastFour ?? ""} />
        )}
        <Foot
          outdated={!pending && now !== undefined && hasOutlookChanged(forecast, now)}
          onLookAgain={lookAgain}
        />
      </div>
      <DialogActions sticky={!breaking}>
        <Button onClick={onCancel}>{cancel}</Button>
        {!breaking && (
          <Button variant="primary" pending={pending} onClick={() => activate("")}>
            {t("submit")}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}

interface EnforceAnywayProps {
  /** Which name to type, and what for. */
  readonly label: ReactNode;
  readonly submit: string;
  readonly error: FieldError | undefined;
  readonly pending: boolean;
  readonly form: RefObject<HTMLFormElement | null>;
  readonly onConfirm: (confirmation: string) => void;
}

/** What is done although callers would be rejected: beside the field that takes the account's name. */
export function EnforceAnyway({ label, submit, error, pending, form, onConfirm }: EnforceAnywayProps) {
  const [confirmation, setConfirmation] = useState("");
  return (
    <form ref={form} action={() => onConfirm(confirmation)} noValidate>
      <ConfirmName
        name="confirmation"
        label={label}
        value={confirmation}
        error={error}
        onChange={setConfirmation}
      >
        <Button type="submit" variant="danger" pending={pending} className="shrink-0">
          {submit}
        </Button>
      </ConfirmName>
    </form>
  );
}

/** Which instances are enforced after activating on ready ones, and what becomes of the rest. */
function ReadyInstances({ forecast }: { readonly forecast: ActivationForecast }) {
  const t = useTranslations("preflight.dialog");
  const format = useFormatter();
  const { readyInstances: ready, unreadyInstances: unready, readyNames } = forecast;
  const quoted = readyNames.map((name) => t("quoted", { name }));
  const more = ready - quoted.length;
  // "and" comes last: before the last name, or before the count.
  const list = format.list(quoted, more > 0 ? { type: "unit" } : { type: "conjunction" });
  const names = t("names", { names: list, more });
  return (
    <p className="min-w-0 flex-1 text-pretty wrap-break-word">{t("readyHint", { names, ready, unready })}</p>
  );
}

/** What each call gets from then on. */
function Activation({ lastFour }: { readonly lastFour: string }) {
  const t = useTranslations("security.dialog.activate");
  return (
    <Effects>
      <li>{t.rich("right", { code, lastFour })}</li>
      <li>{t.rich("missing", { code, answer: wireAnswers.missingToken })}</li>
      <li>{t.rich("wrong", { code, answer: wireAnswers.wrongToken })}</li>
    </Effects>
  );
}

interface FootProps {
  /** Callers are not what they were when the dialog opened. */
  readonly outdated: boolean;
  readonly onLookAgain: () => void;
}

/** How to take an activation back; or that callers have changed, in the same place, so that nothing moves when it comes. */
function Foot({ outdated, onLookAgain }: FootProps) {
  const undo = useTranslations("security.dialog.activate")("undo");
  return (
    <div role="status" className="min-h-7 text-pretty text-muted max-sm:min-h-13">
      {outdated ? <NewerCallers onLookAgain={onLookAgain} /> : undo}
    </div>
  );
}
