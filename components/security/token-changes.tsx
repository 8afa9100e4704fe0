"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { Failure } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { toast } from "@/components/ui/toaster";
import { configureTokenAction, finishRotationAction } from "@/lib/actions/security-token";
import { fateOfAsked } from "@/lib/domain/asked-change";
import type { TokenChange } from "@/lib/domain/enforcement";
import type { SecurityPageView } from "@/lib/domain/security-page";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { ActivateDialog } from "./activate-dialog";
import { ArmDialog } from "./armed";
import { ChangeDialog } from "./change-dialog";
import { GraceDialog } from "./grace-dialog";
import { NewTokenDialog, type TokenOrigin } from "./new-token-dialog";
import { FinishDialog, RotateDialog } from "./rotate-dialog";
import { type TokenDialogProps, TokenFailure } from "./token-dialog";

/** What buttons of the page do with the token. Instances are switched one by one elsewhere. */
export type PressedChange = Exclude<TokenChange, "enforce" | "release" | "disarm" | "shorten">;

/** What is asked about in a dialog first. */
interface Asked {
  readonly change: Exclude<PressedChange, "configure">;
  /** The token as it was when somebody asked. */
  readonly about: SecurityTokenView;
}

interface TokenPage {
  readonly page: SecurityPageView;
  readonly show: (change: (page: SecurityPageView) => SecurityPageView) => void;
  readonly refresh: () => Promise<SecurityPageView>;
  /** To be typed before callers are knowingly rejected. */
  readonly accountName: string;
}

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
  /** Whether a dialog is open, which takes care of the focus itself. */
  readonly open: boolean;
  /** What the newest change failed for, if no dialog says it; null when there is nothing to say. */
  readonly problem: ReactNode;
  /** The dialog that is open. */
  readonly dialog: ReactNode;
}

const conflict: Failure = { ok: false, code: "conflict", fields: [] };

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

  return {
    running: pending && !asked ? running : null,
    press: (change) => {
      const rotation = preflight?.rotation;
      clear();
      setProblem(null);
      setRunning(change);
      if (change === "configure") configure();
      else if (change === "finish" && rotation && rotation.total + rotation.others === 0) finishUnused();
      else setAsked({ change, about: token });
    },
    open: asked !== null || made !== null,
    problem: problem && <TokenFailure {...problem} />,
    dialog: (
      <>
        {asked && (
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
        {made && <NewTokenDialog {...made} onDone={() => setMade(null)} />}
      </>
    ),
  };
}

interface TokenChangeDialogProps extends TokenPage, Asked {
  readonly submission: ReturnType<typeof useSubmission>;
  readonly onMade: (token: string, origin: TokenOrigin) => void;
  /** @param failure why nothing was done, to be said on the page */
  readonly onClose: (failure?: Failure) => void;
}

/** One question about the token, in its dialog, until somebody else's change makes it untrue: then it is closed. */
function TokenChangeDialog(props: TokenChangeDialogProps) {
  const { change, about, page, show, refresh, accountName, submission, onMade, onClose } = props;
  const { pending, failure, form, submit, clear } = submission;
  const left = useRef(false);
  const [seen, setSeen] = useState(about);
  // While an answer is under way, another token may be our own.
  const fate = pending ? "stands" : fateOfAsked(change, seen, page.token);
  if (fate === "renewed") setSeen(page.token);
  useEffect(() => {
    // Without an answer the change may be our own: that is said instead.
    if (fate === "over") onClose(failure?.lost ? failure : conflict);
  });
  if (fate === "over") return null;

  const dialog: TokenDialogProps = {
    page,
    seen,
    pending,
    failure,
    run: (action, done) =>
      submit(action, (result) => {
        if (result.ok) {
          const { data } = result;
          show((now) => ({ ...now, token: "view" in data ? data.view : data }));
          onClose();
          done(data);
        } else if (result.code === "conflict" || (left.current && result.fields.length === 0))
          onClose(result);
      }),
    // A connection that was lost is still to be known of; what a field said is not.
    onCancel: () => {
      left.current = true;
      onClose(failure && failure.fields.length === 0 ? failure : undefined);
    },
  };
  switch (change) {
    case "activate":
      return <ActivateDialog {...dialog} {...{ form, accountName, refresh, clear }} />;
    case "protect":
      return <GraceDialog {...dialog} {...{ form, accountName }} />;
    case "rotate":
    case "replace":
      return <RotateDialog {...dialog} {...{ form, accountName, onMade }} atOnce={change === "replace"} />;
    case "finish":
      return <FinishDialog {...dialog} {...{ form, accountName }} />;
    case "arm":
      return <ArmDialog {...dialog} refresh={refresh} />;
    default:
      return <ChangeDialog {...dialog} change={change} onMade={onMade} />;
  }
}
