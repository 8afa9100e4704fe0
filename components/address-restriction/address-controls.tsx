"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useFocusWhenLost } from "@/components/security/use-focus-when-lost";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { CardBody, CardFoot } from "@/components/ui/card";
import { toast } from "@/components/ui/toaster";
import type { AddressRestrictionView } from "@/lib/domain/address-view";
import type { AddressActions } from "./address-actions";
import { AddressFailure } from "./address-failure";
import { EnforceDialog } from "./enforce-dialog";

interface AddressControlsProps {
  readonly view: AddressRestrictionView;
  readonly accountName: string;
  readonly actions: AddressActions;
  readonly headingId: string;
}

/** The buttons of the ladder: up by looking first, down at any moment. */
export function AddressControls({ view, accountName, actions, headingId }: AddressControlsProps) {
  const t = useTranslations("addresses");
  const { mode, rules, forecast } = view;
  const { pending, failure, submit, clear } = useSubmission();
  const [enforcing, setEnforcing] = useState(false);
  useFocusWhenLost(headingId, enforcing, `${mode} ${rules.length}`);

  // With callers that would be rejected, allowing them is the next step.
  const ready = rules.length > 0 && forecast !== null && forecast.total + forecast.unknown === 0;

  function step(name: "observe" | "stop_enforcing" | "stop_observing") {
    const { observe, stopEnforcing: stop_enforcing, stopObserving: stop_observing } = actions;
    void submit({ observe, stop_enforcing, stop_observing }[name], (result) => {
      if (result.ok) toast.success(t(`done.${name}`));
    });
  }

  function open() {
    clear();
    setEnforcing(true);
  }

  const button = (
    name: "observe" | "stop_enforcing" | "stop_observing",
    variant: "primary" | "secondary" | "quiet",
  ) => (
    <Button key={name} variant={variant} pending={pending} onClick={() => step(name)}>
      {t(`action.${name}`)}
    </Button>
  );

  return (
    <>
      {failure && (
        <CardBody>
          <AddressFailure failure={failure} />
        </CardBody>
      )}
      <CardFoot note={t("scope.scope")}>
        {mode === "off" && button("observe", rules.length > 0 ? "primary" : "secondary")}
        {mode === "observe" && button("stop_observing", "quiet")}
        {mode === "observe" && (
          <Button variant={ready ? "primary" : "secondary"} onClick={open}>
            {t("action.enforce")}
          </Button>
        )}
        {mode === "enforce" && button("stop_enforcing", "secondary")}
      </CardFoot>
      {enforcing && forecast && (
        <EnforceDialog
          forecast={forecast}
          rules={rules.length}
          accountName={accountName}
          run={actions.enforce}
          onClose={() => setEnforcing(false)}
        />
      )}
    </>
  );
}
