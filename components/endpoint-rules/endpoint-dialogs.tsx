"use client";

import { useTranslations } from "next-intl";
import { ConsequenceDialog } from "@/components/consequence/consequence-dialog";
import { wireAnswers } from "@/components/instances/samples";
import { nameTag } from "@/components/shell/deletion-dialog";
import { FailureNotice } from "@/components/shell/refusal";
import { code, Effects } from "@/components/ui/text";
import { toast } from "@/components/ui/toaster";
import {
  changeEndpointsAction,
  forecastEndpointsAction,
  stepEndpointsAction,
} from "@/lib/actions/endpoint-rules";
import type { EndpointRulesView } from "@/lib/domain/endpoint-view";
import type { ActionResult } from "@/lib/domain/errors";
import type { NamedCallers } from "@/lib/domain/named-callers";
import type { WantedChange } from "./use-endpoint-changes";

/** A change that may reject callers. */
export interface Asked {
  /** null: the rules as they are are enforced. */
  readonly change: WantedChange | null;
  /** Said once it is done. */
  readonly said: string;
  /** The rules that it is about. */
  readonly rules: readonly string[];
  readonly done?: (() => void) | undefined;
}

interface ChangeDialogProps {
  /** Goes on with the region while the dialog is open, which then offers to look again. */
  readonly view: EndpointRulesView;
  readonly asked: Asked;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Does what may take endpoints from callers, and says first from whom, and which. */
export function ChangeDialog({ view, asked, onDone, onClose }: ChangeDialogProps) {
  const t = useTranslations("endpoints");
  const { instanceId, name, kind, rules, forecast, seen } = view;
  const { change, said } = asked;
  const what = change?.what ?? "enforce";
  const wanted = change?.what === "kind" ? change.kind : kind;
  const run = (confirmation: string, named: NamedCallers): Promise<ActionResult<unknown>> =>
    change === null
      ? stepEndpointsAction({ instanceId, step: "enforce", confirmation, named })
      : changeEndpointsAction({ instanceId, change, confirmation, named });
  return (
    <ConsequenceDialog
      title={t(`dialog.${what}`, { count: asked.rules.length, kind: wanted })}
      read={() => forecastEndpointsAction({ instanceId, change })}
      moment={JSON.stringify([
        rules.map(({ rule }) => rule),
        forecast?.total,
        seen.map(({ path }) => path).sort(),
      ])}
      nameLabel={t.rich("dialog.confirm", { value: name, name: nameTag })}
      submit={t(`dialog.submit.${what}`)}
      problemOf={(failure) => <FailureNotice live failure={failure} shown={["confirmation"]} />}
      run={run}
      onDone={() => {
        toast.success(said);
        asked.done?.();
        onDone();
        onClose();
      }}
      onClose={onClose}
    >
      <Effects>
        {asked.rules.map((rule) => (
          <li key={rule}>{t.rich("dialog.rule", { code, rule })}</li>
        ))}
        <li>{t.rich("dialog.answer", { code, answer: wireAnswers.endpoint })}</li>
        {what === "enforce" && <li>{t.rich("dialog.unclear", { code })}</li>}
        <li>{t("dialog.undo")}</li>
      </Effects>
    </ConsequenceDialog>
  );
}
