"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useActionState } from "react";
import { endOtherSessionsAction, endSessionAction } from "@/lib/actions/settings";
import { useRefusalMessage } from "../shell/refusal";
import { useSubmission } from "../shell/use-submission";
import { Button } from "../ui/button";
import { toast } from "../ui/toaster";

interface EndSessionProps {
  /** All others when left out. */
  readonly sessionId?: string;
  readonly label: string;
  /** The button's whole name, where the label alone is not enough. */
  readonly name?: string;
  readonly size?: "md" | "sm";
}

/** A button that ends sessions and says whether it worked; without JavaScript the page shows it, or why not. */
export function EndSession({ sessionId, label, name, size = "md" }: EndSessionProps) {
  const t = useTranslations("settings.sessions");
  const action = sessionId ? endSessionAction : endOtherSessionsAction;
  const refusal = useRefusalMessage();
  const { pending, submit } = useSubmission();
  // For browsers without JavaScript, which send the form themselves.
  const [answer, send] = useActionState(action, null);

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void submit(
      () => action(null, form),
      (result) => {
        if (!result.ok) toast.error(refusal(result));
        else toast.success(sessionId ? t("ended") : t("endedOthers", { count: result.data }));
      },
    );
  }

  return (
    <form action={send} onSubmit={onSubmit} className="grid">
      {sessionId && <input type="hidden" name="sessionId" value={sessionId} />}
      <Button type="submit" size={size} pending={pending} aria-label={name}>
        {label}
      </Button>
      {answer && !answer.ok && (
        <p role="alert" className="mt-1 text-bad text-xs">
          {refusal(answer)}
        </p>
      )}
    </form>
  );
}
