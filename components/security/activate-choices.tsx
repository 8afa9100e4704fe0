"use client";

import { useFormatter, useTranslations } from "next-intl";
import type { RefObject } from "react";
import { nameTag } from "@/components/shell/deletion-dialog";
import { Button } from "@/components/ui/button";
import type { ActivationForecast } from "@/lib/domain/caller-view";
import type { FieldError } from "@/lib/domain/errors";
import { ActivateAnyway } from "./activate-anyway";

interface ActivateChoicesProps {
  readonly forecast: ActivationForecast;
  readonly accountName: string;
  readonly pending: boolean;
  readonly form: RefObject<HTMLFormElement | null>;
  readonly confirmError: FieldError | undefined;
  readonly onConfirm: (confirmation: string) => void;
  readonly onReady: () => void;
}

/** What can be done while callers would be rejected, each with its button: where nobody is, or everywhere. */
export function ActivateChoices(props: ActivateChoicesProps) {
  const { forecast, accountName, pending, form, confirmError, onConfirm, onReady } = props;
  const t = useTranslations("preflight.dialog");
  const action = useTranslations("security.dialog.activate");
  return (
    <div className="divide-y divide-line rounded-md border border-line">
      {forecast.readyInstances > 0 && (
        <div className="flex flex-col gap-3 p-3.5 sm:flex-row sm:items-center">
          <Ready forecast={forecast} />
          <Button variant="primary" pending={pending} onClick={onReady} className="shrink-0">
            {t("ready")}
          </Button>
        </div>
      )}
      <div className="p-3.5">
        <ActivateAnyway
          {...{ pending, form, onConfirm }}
          label={t.rich("confirm", { value: accountName, name: nameTag })}
          submit={action("submit")}
          error={confirmError}
        />
      </div>
    </div>
  );
}

/** Which instances demand the token after activating on ready ones, and what becomes of the rest. */
function Ready({ forecast }: { readonly forecast: ActivationForecast }) {
  const t = useTranslations("preflight.dialog");
  const format = useFormatter();
  const { readyInstances: ready, unreadyInstances: unready, readyNames } = forecast;
  const quoted = readyNames.map((name) => t("quoted", { name }));
  const more = ready - quoted.length;
  // "and" comes last: before the last name, or before the count.
  const list = format.list(quoted, more > 0 ? { type: "unit" } : { type: "conjunction" });
  const names = t("names", { names: list, more });
  return (
    <p className="min-w-0 flex-1 text-pretty wrap-anywhere">{t("readyHint", { names, ready, unready })}</p>
  );
}
