"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { type Failure, FailureNotice } from "@/components/shell/refusal";
import { Button, type ButtonVariant } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/status";
import type { TokenChange } from "@/lib/domain/enforcement";
import type { ActionResult } from "@/lib/domain/errors";
import type { SecurityPageView } from "@/lib/domain/security-page";
import type { NewSecurityToken, SecurityTokenView } from "@/lib/domain/security-token";

/** What the dialog of a change of the token gets. */
export interface TokenDialogProps {
  /** The page as it is now. */
  readonly page: SecurityPageView;
  /** The token that is asked about, and that the change is bound to. The page goes on beside it. */
  readonly seen: SecurityTokenView;
  readonly pending: boolean;
  /** What the change failed for. */
  readonly failure: Failure | null;
  /**
   * Makes the change. What was answered shows at once, and the dialog is closed; after a conflict too: the page is
   * another one, so what the dialog says is out of date.
   *
   * @param done says what came of it
   */
  readonly run: <T extends SecurityTokenView | NewSecurityToken>(
    action: () => Promise<ActionResult<T>>,
    done: (answer: T) => void,
  ) => Promise<ActionResult<T> | null>;
  readonly onCancel: () => void;
}

interface ConfirmProps extends Pick<TokenDialogProps, "pending" | "failure" | "onCancel"> {
  readonly change: TokenChange;
  readonly title: string;
  readonly description: ReactNode;
  readonly submit: string;
  readonly variant: ButtonVariant;
  readonly onConfirm: () => void;
  /** What the change will do to whom, with numbers and names. */
  readonly children: ReactNode;
}

/** Says what a change will do, above the button that does it. */
export function ConfirmChange(props: ConfirmProps) {
  const { change, title, description, submit, variant, pending, failure, onConfirm, onCancel, children } =
    props;
  const t = useTranslations("security.action");
  return (
    <Dialog open onOpenChange={onCancel} title={title} description={description}>
      <div className="grid gap-4">
        {failure && <TokenFailure change={change} failure={failure} />}
        {children}
      </div>
      <DialogActions>
        <Button onClick={onCancel}>{t("cancel")}</Button>
        <Button variant={variant} pending={pending} onClick={onConfirm}>
          {submit}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

interface TokenFailureProps {
  readonly failure: Failure;
  readonly change: TokenChange;
}

/** Conflicts that have words of their own. */
const conflicts = { configure: "conflictToken", finish: "rotationOver" } as const;

/** Why a change of the token was not done, and that a token nobody has seen is no harm. */
export function TokenFailure({ failure, change }: TokenFailureProps) {
  const t = useTranslations("security.failed");
  if (failure.code === "conflict") {
    return (
      <Notice tone="warn" role="alert">
        {t(conflicts[change as keyof typeof conflicts] ?? "conflict")}
      </Notice>
    );
  }
  const making = change === "replace" ? "rotate" : change;
  if (failure.lost && (making === "configure" || making === "regenerate" || making === "rotate")) {
    return (
      <Notice tone="bad" role="alert">
        {t(`lost.${making}`)}
      </Notice>
    );
  }
  return <FailureNotice failure={failure} />;
}
