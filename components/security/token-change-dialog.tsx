"use client";

import { useEffect, useRef, useState } from "react";
import type { Failure } from "@/components/shell/refusal";
import type { useSubmission } from "@/components/shell/use-submission";
import { fateOfAsked } from "@/lib/domain/security-token";
import { ActivateDialog } from "./activate-dialog";
import { ArmDialog } from "./arm-dialog";
import { ChangeDialog } from "./change-dialog";
import { GraceDialog } from "./grace-dialog";
import { NewTokenDialog, type TokenOrigin } from "./new-token-dialog";
import { FinishDialog, RotateDialog } from "./rotate-dialog";
import type { Asked, TokenDialogProps, TokenPage } from "./token-dialog";

// What every question about the token comes to is loaded with it: it must not be missing then.
export { NewTokenDialog };

const conflict: Failure = { ok: false, code: "conflict", fields: [] };

interface TokenChangeDialogProps extends TokenPage, Asked {
  readonly submission: ReturnType<typeof useSubmission>;
  readonly onMade: (token: string, origin: TokenOrigin) => void;
  /** @param failure why nothing was done, to be said on the page */
  readonly onClose: (failure?: Failure) => void;
}

/** One question about the token, in its dialog, until somebody else's change makes it untrue: then it is closed. */
export function TokenChangeDialog(props: TokenChangeDialogProps) {
  const { change, about, forecast, page, show, refresh, accountName, submission, onMade, onClose } = props;
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
      // It was read before the dialog opened.
      return forecast && <ActivateDialog {...dialog} {...{ forecast, form, accountName, clear }} />;
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
