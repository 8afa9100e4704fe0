"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useSubmission } from "@/components/instances/use-submission";
import { Button } from "@/components/ui/button";
import type { ButtonVariant } from "@/components/ui/button-style";
import { CardBody, CardFoot } from "@/components/ui/card";
import { toast } from "@/components/ui/toast";
import type { ActionResult } from "@/lib/domain/action-result";
import { canChange, type TokenChange } from "@/lib/domain/enforcement";
import type { NewSecurityToken, SecurityTokenView } from "@/lib/domain/security-token";
import { ChangeDialog, type ConfirmedChange } from "./change-dialog";
import { NewTokenDialog } from "./new-token-dialog";
import { TokenFailure } from "./token-failure";
import { useFocusWhenLost } from "./use-focus-when-lost";

/** The server actions behind the buttons. */
export interface TokenActions {
  readonly configure: () => Promise<ActionResult<NewSecurityToken>>;
  readonly regenerate: () => Promise<ActionResult<NewSecurityToken>>;
  readonly activate: () => Promise<ActionResult<SecurityTokenView>>;
  readonly deactivate: () => Promise<ActionResult<SecurityTokenView>>;
  readonly remove: () => Promise<ActionResult<SecurityTokenView>>;
}

interface TokenControlsProps {
  readonly view: SecurityTokenView;
  readonly names: readonly string[];
  readonly actions: TokenActions | null;
  readonly headingId: string;
}

const buttons: readonly { readonly change: TokenChange; readonly variant: ButtonVariant }[] = [
  { change: "remove", variant: "quiet" },
  { change: "regenerate", variant: "secondary" },
  { change: "configure", variant: "primary" },
  { change: "activate", variant: "primary" },
  { change: "deactivate", variant: "secondary" },
];

/**
 * The buttons of the module and the dialogs they open. Always in the same place of the page, whatever the
 * state: a new token lives in this component's memory only, and must outlast the page's own refresh.
 */
export function TokenControls({ view, names, actions, headingId }: TokenControlsProps) {
  const t = useTranslations("security");
  const { pending, failure, submit, clear } = useSubmission();
  const [asking, setAsking] = useState<ConfirmedChange | null>(null);
  const [failed, setFailed] = useState<TokenChange | null>(null);
  const [token, setToken] = useState<string | null>(null);
  useFocusWhenLost(headingId, asking !== null || token !== null, view.status);

  if (!actions) return <CardFoot note={t("foot.viewer")} />;
  const { configure, regenerate, activate, deactivate, remove } = actions;

  function settle(change: TokenChange, result: ActionResult<unknown>) {
    setFailed(result.ok ? null : change);
    // After a conflict the page is another one: what the dialog says would be out of date.
    if (result.ok || result.code === "conflict") setAsking(null);
  }

  function make(change: "configure" | "regenerate") {
    void submit(change === "configure" ? configure : regenerate, (result) => {
      settle(change, result);
      if (result.ok) setToken(result.data.token);
    });
  }

  function switchTo(change: "activate" | "deactivate" | "remove") {
    void submit({ activate, deactivate, remove }[change], (result) => {
      settle(change, result);
      if (result.ok) toast.success(t(`dialog.${change}.done`, { total: result.data.totalInstances }));
    });
  }

  function press(change: TokenChange) {
    clear();
    if (change === "configure") make(change);
    else setAsking(change);
  }

  const problem = failure && failed && <TokenFailure failure={failure} change={failed} />;
  return (
    <>
      {!asking && problem && <CardBody className="pt-0 md:pt-0">{problem}</CardBody>}
      <CardFoot note={t(`foot.${view.status}`)}>
        {buttons
          .filter(({ change }) => canChange(view.status, change))
          .map(({ change, variant }) => (
            <Button
              key={change}
              variant={variant}
              pending={pending && change === "configure"}
              onClick={() => press(change)}
            >
              {t(`action.${change}`)}
            </Button>
          ))}
      </CardFoot>
      {asking && (
        <ChangeDialog
          change={asking}
          view={view}
          names={names}
          pending={pending}
          problem={problem}
          onConfirm={() => (asking === "regenerate" ? make(asking) : switchTo(asking))}
          onCancel={() => setAsking(null)}
        />
      )}
      {token && <NewTokenDialog token={token} onDone={() => setToken(null)} />}
    </>
  );
}
