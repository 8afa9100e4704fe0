"use client";

import { useTranslations } from "next-intl";
import { useFieldMessage, useRefusalMessage } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toaster";
import type { AddressActions } from "./address-actions";

interface AllowCallerProps {
  readonly address: string;
  /** What the entry is for: the caller's name or program. */
  readonly note: string;
  readonly add: AddressActions["add"];
}

/** Puts a caller's address on the list. */
export function AllowCaller({ address, note, add }: AllowCallerProps) {
  const t = useTranslations("addresses");
  const refusal = useRefusalMessage();
  const fieldMessage = useFieldMessage();
  const { pending, submit } = useSubmission();

  function allow() {
    void submit(
      () => add({ address, note }),
      (result) => {
        if (result.ok) toast.success(t("add.done", { count: 1, address }));
        else toast.error(fieldMessage(result.fields[0]) ?? refusal(result));
      },
    );
  }

  return (
    <span className="flex sm:justify-end">
      <Button size="sm" pending={pending} aria-label={t("callers.allowOf", { address })} onClick={allow}>
        {t("callers.allow")}
      </Button>
    </span>
  );
}
