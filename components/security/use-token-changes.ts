import { useTranslations } from "next-intl";
import { startTransition, useState } from "react";
import { fieldError } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { toast } from "@/components/ui/toaster";
import type { ActivationForecast, RotationProgress } from "@/lib/domain/caller-view";
import type { ActionResult } from "@/lib/domain/errors";
import { hasForecastChanged } from "@/lib/domain/forecast-change";
import type { Overlap } from "@/lib/domain/rotation";
import type { NewSecurityToken, SecurityTokenView } from "@/lib/domain/security-token";
import type { ConfirmedChange } from "./change-dialog";
import type { TokenOrigin } from "./new-token-dialog";
import type { TokenActions } from "./token-actions";
import type { PressedChange } from "./token-buttons";
import { useAnsweredView } from "./use-answered-view";
import { type AskedChange, useAskedChange } from "./use-asked-change";
import { useFrozen } from "./use-frozen";

/** What the buttons and dialogs of the token are about. */
export interface TokenState {
  readonly view: SecurityTokenView;
  /** What activating would do; null while there is no token. */
  readonly forecast: ActivationForecast | null;
  /** Who still sends the old token; null when no rotation is under way. */
  readonly rotation: RotationProgress | null;
}

/** Everything that is asked and done about the token on this page, and the new token until it is put away. */
export function useTokenChanges({ view, forecast, rotation }: TokenState, actions: TokenActions) {
  const t = useTranslations("security");
  const ready = useTranslations("preflight.dialog");
  const { pending, failure, form, submit, clear } = useSubmission();
  const [newest, setAnswered] = useAnsweredView(view);
  const { asked, overtaken, ask, close, forget } = useAskedChange(newest, pending);
  const [frozen, takeForecast] = useFrozen(forecast);
  const [running, setRunning] = useState<PressedChange | null>(null);
  const [failed, setFailed] = useState<PressedChange | null>(null);
  const [made, setMade] = useState<{ token: string; origin: TokenOrigin } | null>(null);
  const seen = asked?.seen ?? newest;
  const tokenId = seen.tokenId ?? "";

  function settle(change: PressedChange, result: ActionResult<unknown>) {
    setFailed(result.ok ? null : change);
    // After a conflict the page is another one: what the dialog says would be out of date.
    if (result.ok || result.code === "conflict") close();
    // What was refused was judged by newer callers: they come with the page that the answer brings.
    else if (result.code === "invalid") startTransition(takeForecast);
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

  function open(change: AskedChange, about = newest) {
    clear();
    takeForecast();
    ask(change, about);
  }

  /** Without a question, when nobody sends the old token; if somebody does by now, the question comes after all. */
  function finishUnused() {
    const end = () => actions.finish({ tokenId: view.retiring?.id ?? "", ifUnused: true });
    void submit(end, (result) => {
      settle("finish", result);
      if (!result.ok) return;
      if (result.data.retiring) return open("finish", result.data);
      toast.success(t("dialog.finish.done"));
    });
  }

  return {
    /** The change whose dialog is open. */
    asking: asked?.change ?? null,
    seen,
    pending,
    /** The change under way that was not asked about first. */
    running: pending && !asked ? running : null,
    problem: { failure, failed, overtaken },
    form,
    confirmError: fieldError(failure, "confirmation"),
    /** As it was when the dialog opened. */
    forecast: frozen,
    /** Whether it is another one by now. */
    outdated: frozen !== null && forecast !== null && hasForecastChanged(frozen, forecast),
    /** Shows the newer forecast in the dialog that is open. */
    lookAgain: () => {
      clear();
      takeForecast();
    },
    made,
    putAway: () => setMade(null),
    cancel: close,
    press: (change: PressedChange) => {
      const unused = change === "finish" && rotation !== null && rotation.total + rotation.folded === 0;
      setRunning(change);
      if (change !== "configure" && !unused) return open(change);
      clear();
      forget();
      if (change === "configure") make(change, "fresh", actions.configure);
      else finishUnused();
    },
    rotate: (overlap: Overlap) => {
      const origin = overlap === "now" ? "replaced" : "overlap";
      make("rotate", origin, () => actions.rotate({ tokenId, overlap }));
    },
    activateWhereReady: () => {
      void submit(
        () => actions.activateReady({ tokenId }),
        (result) => {
          settle("activate", result);
          if (!result.ok) return;
          const { enforcedInstances: enforced, totalInstances: total } = result.data;
          toast.success(ready("readyDone", { enforced, total }));
        },
      );
    },
    confirm: (change: ConfirmedChange | "activate" | "finish", confirmation = "") => {
      if (change === "regenerate") return make(change, "fresh", () => actions.regenerate({ tokenId }));
      const run = {
        activate: () => actions.activate({ tokenId, confirmation }),
        deactivate: actions.deactivate,
        remove: () => actions.remove({ tokenId }),
        finish: () => actions.finish({ tokenId: seen.retiring?.id ?? "" }),
      };
      void submit(run[change], (result) => {
        settle(change, result);
        if (result.ok) toast.success(t(`dialog.${change}.done`, { total: result.data.totalInstances }));
      });
    },
  };
}
