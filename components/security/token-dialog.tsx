"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { Failure } from "@/components/shell/refusal";
import { Button, type ButtonVariant } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import type { ActivationForecast } from "@/lib/domain/caller-view";
import type { TokenChange } from "@/lib/domain/enforcement";
import type { ActionResult } from "@/lib/domain/errors";
import type { SecurityPageView } from "@/lib/domain/security-page";
import type { NewSecurityToken, SecurityTokenView } from "@/lib/domain/security-token";
import { TokenFailure } from "./token-failure";

/** What buttons of the page do with the token. Instances are switched one by one elsewhere. */
export type PressedChange = Exclude<TokenChange, "enforce" | "release" | "disarm" | "shorten">;

/** What is asked about in a dialog first. */
export interface Asked {
  readonly change: Exclude<PressedChange, "configure">;
  /** The token as it was when somebody asked. */
  readonly about: SecurityTokenView;
  /** Of activating alone: what it would do. */
  readonly forecast?: ActivationForecast;
}

/** The page whose token it is. */
export interface TokenPage {
  readonly page: SecurityPageView;
  readonly show: (change: (page: SecurityPageView) => SecurityPageView) => void;
  readonly refresh: () => Promise<SecurityPageView>;
  /** To be typed before callers are knowingly rejected. */
  readonly accountName: string;
}

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
  const t = useTranslations("common");
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
