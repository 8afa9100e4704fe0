"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useRef, useState } from "react";
import type { Failure } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { onDemand } from "@/components/ui/on-demand";
import { toast } from "@/components/ui/toaster";
import {
  configureTokenAction,
  finishRotationAction,
  forecastActivationAction,
} from "@/lib/actions/security-token";
import type { ActivationForecast } from "@/lib/domain/caller-view";
import type { TokenChange } from "@/lib/domain/enforcement";
import type { TokenOrigin } from "./new-token-dialog";
import type { Asked, PressedChange, TokenPage } from "./token-dialog";
import { TokenFailure } from "./token-failure";

/** What became of a press that stands on the page itself, not in a dialog. */
interface Problem {
  readonly change: TokenChange;
  readonly failure: Failure;
}

/** A change of the token for the buttons that begin it. */
export interface TokenChanges {
  /** The change under way that was not asked about first. */
  readonly running: PressedChange | null;
  readonly press: (change: PressedChange) => void;
  /** Loads what a press opens, for when somebody is about to. */
  readonly prepare: () => void;
  /** Whether a dialog is open, which takes care of the focus itself. */
  readonly open: boolean;
  /** What the newest change failed for, if no dialog says it; null when there is nothing to say. */
  readonly problem: ReactNode;
  /** The dialog that is open. */
  readonly dialog: ReactNode;
}

const dialogs = onDemand(() => import("./token-change-dialog"));

const notLoaded: Failure = { ok: false, code: "failed", fields: [] };

/**
 * What is asked and done about the token on this page, one change at a time, and the new token until it is put away: it
 * lives in this component's memory only.
 */
export function useTokenChanges(tokenPage: TokenPage): TokenChanges {
  const { page, show } = tokenPage;
  const t = useTranslations("security.dialog.finish");
  // One for the page and all its dialogs: what was sent goes on when its dialog is left, and nothing is sent beside it.
  const submission = useSubmission();
  const { pending, submit, clear } = submission;
  const [asked, setAsked] = useState<Asked | null>(null);
  const [running, setRunning] = useState<PressedChange | null>(null);
  const [made, setMade] = useState<{ token: string; origin: TokenOrigin } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [loading, setLoading] = useState(false);
  const pressed = useRef(0);
  const { token, preflight } = page;

  function configure() {
    void submit(configureTokenAction, (result) => {
      if (!result.ok) return setProblem({ change: "configure", failure: result });
      show((now) => ({ ...now, token: result.data.view }));
      setMade({ token: result.data.token, origin: "fresh" });
    });
  }

  /** Without a question, when nobody sends the old token; if somebody does by now, the question comes after all. */
  function finishUnused() {
    const end = () => finishRotationAction({ tokenId: token.retiring?.id ?? "", ifUnused: true });
    void submit(end, (result) => {
      if (!result.ok) return setProblem({ change: "finish", failure: result });
      show((now) => ({ ...now, token: result.data }));
      if (result.data.retiring) setAsked({ change: "finish", about: result.data });
      else toast.success(t("done"));
    });
  }

  function begin(change: PressedChange, forecast: ActivationForecast | undefined) {
    const rotation = preflight?.rotation;
    if (change === "configure") configure();
    else if (change === "finish" && rotation && rotation.total + rotation.others === 0) finishUnused();
    else setAsked({ change, about: token, ...(forecast && { forecast }) });
  }

  /**
   * Nothing is begun before there is what shows the new token: it is shown once. Nor is activating asked about before it is known
   * whom it would reject.
   */
  async function press(change: PressedChange) {
    const mine = ++pressed.current;
    const asks = change === "activate";
    clear();
    setProblem(null);
    setRunning(change);
    let forecast: ActivationForecast | undefined;
    const waits = !dialogs.part || asks;
    setLoading(waits);
    if (waits) {
      const [loaded, found] = await Promise.all([
        dialogs.load(),
        asks ? forecastActivationAction({ instanceId: null }).catch(() => null) : null,
      ]);
      // Another button was pressed meanwhile.
      if (mine !== pressed.current) return;
      setLoading(false);
      if (found && !found.ok) return setProblem({ change, failure: found });
      forecast = found?.data ?? undefined;
      if (!loaded || (asks && !forecast)) return setProblem({ change, failure: notLoaded });
    }
    begin(change, forecast);
  }

  const { TokenChangeDialog, NewTokenDialog } = dialogs.part ?? {};
  return {
    running: (pending || loading) && !asked ? running : null,
    press: (change) => void press(change),
    prepare: dialogs.preload,
    open: asked !== null || made !== null,
    problem: problem && <TokenFailure {...problem} />,
    dialog: (
      <>
        {asked && TokenChangeDialog && (
          <TokenChangeDialog
            {...tokenPage}
            {...asked}
            submission={submission}
            onMade={(token, origin) => setMade({ token, origin })}
            onClose={(failure) => {
              setAsked(null);
              if (failure) setProblem({ change: asked.change, failure });
            }}
          />
        )}
        {made && NewTokenDialog && <NewTokenDialog {...made} onDone={() => setMade(null)} />}
      </>
    ),
  };
}
