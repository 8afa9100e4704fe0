"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useActionState, useTransition } from "react";
import type { ActionResult } from "@/lib/domain/errors";
import { useRefusalMessage } from "../shell/refusal";
import { Button } from "../ui/button";
import { toast } from "../ui/toaster";

/** Sends the link that confirms the address. */
export type SendLinkAction = (previous: ActionResult | null) => Promise<ActionResult>;

/** A button that sends the link and says whether it is on its way. */
export function SendLink({ action }: { readonly action: SendLinkAction }) {
  const t = useTranslations("settings.email");
  const refusal = useRefusalMessage();
  const [pending, startTransition] = useTransition();
  // For browsers without JavaScript, which send the form themselves.
  const [, send] = useActionState(action, null);

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending) return;
    startTransition(async () => {
      const result = await action(null);
      if (result.ok) toast.success(t("sent"));
      else toast.error(refusal(result));
    });
  }

  return (
    <form action={send} onSubmit={onSubmit} className="grid">
      <Button type="submit" pending={pending}>
        {t("send")}
      </Button>
    </form>
  );
}
