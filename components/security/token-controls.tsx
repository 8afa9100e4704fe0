"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { fieldError } from "@/components/shell/refusal-message";
import { useSubmission } from "@/components/shell/use-submission";
import { CardBody, CardFoot } from "@/components/ui/card";
import { toast } from "@/components/ui/toast";
import type { ActionResult } from "@/lib/domain/action-result";
import type { ActivationForecast, RotationProgress } from "@/lib/domain/caller-view";
import type { Overlap } from "@/lib/domain/rotation";
import type { NewSecurityToken, SecurityTokenView } from "@/lib/domain/security-token";
import { ActivateDialog } from "./activate-dialog";
import { ChangeDialog, type ConfirmedChange } from "./change-dialog";
import { FinishDialog } from "./finish-dialog";
import { NewTokenDialog, type TokenOrigin } from "./new-token-dialog";
import { RotateDialog } from "./rotate-dialog";
import type { TokenActions } from "./token-actions";
import { type PressedChange, TokenButtons } from "./token-buttons";
import { TokenFailure } from "./token-failure";
import { useAnsweredView } from "./use-answered-view";
import { useFocusWhenLost } from "./use-focus-when-lost";

interface TokenControlsProps {
  readonly view: SecurityTokenView;
  readonly names: readonly string[];
  /** What activating would do; null while there is no token. */
  readonly forecast: ActivationForecast | null;
  /** Who still sends the old token; null when no rotation is under way. */
  readonly rotation: RotationProgress | null;
  readonly accountName: string;
  readonly actions: TokenActions | null;
  readonly headingId: string;
  /** *Deactivate Token* stands further up. */
  readonly deactivateAbove: boolean;
}

/**
 * The buttons of the module and the dialogs they open. Always in the same place of the page, whatever the
 * state: a new token lives in this component's memory only, and must outlast the page's own refresh.
 */
export function TokenControls(props: TokenControlsProps) {
  const { view, names, forecast, rotation, accountName, actions, headingId, deactivateAbove } = props;
  const t = useTranslations("security");
  const ready = useTranslations("preflight.dialog");
  const { pending, failure, form, submit, clear } = useSubmission();
  const [asking, setAsking] = useState<Exclude<PressedChange, "configure"> | null>(null);
  const [newest, setAnswered] = useAnsweredView(view);
  // The page goes on beside an open dialog; what is confirmed is what was there when it opened.
  const [seen, setSeen] = useState(view);
  const [running, setRunning] = useState<PressedChange | null>(null);
  const [failed, setFailed] = useState<PressedChange | null>(null);
  const [made, setMade] = useState<{ token: string; origin: TokenOrigin } | null>(null);
  useFocusWhenLost(headingId, asking !== null || made !== null, `${view.status} ${view.tokenId}`);

  if (!actions) return <CardFoot note={t("foot.viewer")} />;
  const { configure, regenerate, activate, activateReady, deactivate, remove, rotate, finish } = actions;

  function settle(change: PressedChange, result: ActionResult<unknown>) {
    setFailed(result.ok ? null : change);
    // After a conflict the page is another one: what the dialog says would be out of date.
    if (result.ok || result.code === "conflict") setAsking(null);
  }

  function make(
    change: PressedChange,
    origin: TokenOrigin,
    run: () => Promise<ActionResult<NewSecurityToken>>,
  ) {
    void submit(run, (result) => {
      settle(change, result);
      if (!result.ok) return;
      setMade({ token: result.data.token, origin });
      setAnswered(result.data.view);
    });
  }

  function turn(overlap: Overlap) {
    const origin = overlap === "now" ? "replaced" : "overlap";
    make("rotate", origin, () => rotate({ tokenId: seen.tokenId ?? "", overlap }));
  }

  function confirm(change: ConfirmedChange | "activate" | "finish", confirmation = "") {
    if (change === "regenerate") return make(change, "fresh", regenerate);
    const turnOn = () => activate({ confirmation });
    const end = () => finish({ tokenId: seen.retiring?.id ?? "" });
    void submit({ activate: turnOn, deactivate, remove, finish: end }[change], (result) => {
      settle(change, result);
      if (result.ok) toast.success(t(`dialog.${change}.done`, { total: result.data.totalInstances }));
    });
  }

  function activateWhereReady() {
    void submit(activateReady, (result) => {
      settle("activate", result);
      if (!result.ok) return;
      const { enforcedInstances: enforced, totalInstances: total } = result.data;
      toast.success(ready("readyDone", { enforced, total }));
    });
  }

  /** Without a question, when nobody sends the old token; if somebody does by now, the question comes after all. */
  function finishUnused() {
    const end = () => finish({ tokenId: view.retiring?.id ?? "", ifUnused: true });
    void submit(end, (result) => {
      if (!result.ok && result.code === "conflict") return ask("finish");
      settle("finish", result);
      if (result.ok) toast.success(t("dialog.finish.done"));
    });
  }

  function ask(change: Exclude<PressedChange, "configure">) {
    clear();
    setSeen(newest);
    setAsking(change);
  }

  function press(change: PressedChange) {
    const unused = change === "finish" && rotation !== null && rotation.total + rotation.folded === 0;
    setRunning(change);
    if (change !== "configure" && !unused) return ask(change);
    clear();
    if (change === "configure") make(change, "fresh", configure);
    else finishUnused();
  }

  const problem = failure && failed && <TokenFailure failure={failure} change={failed} />;
  const asked = { view: seen, pending, problem, onCancel: () => setAsking(null) };
  return (
    <>
      {!asking && problem && <CardBody className="pt-0 md:pt-0">{problem}</CardBody>}
      <CardFoot note={t(`foot.${view.status}`)}>
        <TokenButtons
          view={view}
          running={pending && !asking ? running : null}
          without={deactivateAbove ? "deactivate" : null}
          onPress={press}
        />
      </CardFoot>
      {asking === "rotate" || asking === "replace" ? (
        <RotateDialog {...asked} atOnce={asking === "replace"} onConfirm={turn} />
      ) : asking === "finish" ? (
        <FinishDialog {...asked} progress={rotation} onConfirm={() => confirm("finish")} />
      ) : (
        asking &&
        asking !== "activate" && (
          <ChangeDialog {...asked} change={asking} names={names} onConfirm={() => confirm(asking)} />
        )
      )}
      {asking === "activate" && forecast && (
        <ActivateDialog
          {...asked}
          forecast={forecast}
          accountName={accountName}
          form={form}
          confirmError={fieldError(failure, "confirmation")}
          onConfirm={(confirmation) => confirm("activate", confirmation)}
          onReady={activateWhereReady}
        />
      )}
      {made && <NewTokenDialog token={made.token} made={made.origin} onDone={() => setMade(null)} />}
    </>
  );
}
