"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import { Field, TextInput } from "../ui/field";
import { SubmitButton } from "../ui/submit-button";

interface OpenInvitationProps {
  readonly open: (form: FormData) => Promise<void>;
  /** True where another invitation is on the page; then this only waits for a newer link. */
  readonly hidden?: boolean;
}

/**
 * Hands the link's fragment, which browsers send to nobody, to the server, and takes it out of the address
 * bar. Without JavaScript the link can be pasted.
 */
export function OpenInvitation({ open, hidden = false }: OpenInvitationProps) {
  const t = useTranslations("invitation.open");
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    function take() {
      const input = form.current?.querySelector<HTMLInputElement>("[name=link]");
      if (location.hash.length < 2 || !input) return;
      input.value = location.hash;
      history.replaceState(history.state, "", location.pathname);
      form.current?.requestSubmit();
    }
    take();
    window.addEventListener("hashchange", take);
    return () => window.removeEventListener("hashchange", take);
  }, []);

  return (
    <form ref={form} action={open} hidden={hidden} className={hidden ? undefined : "grid gap-4"}>
      <Field label={t("link")} name="link" hint={t("hint")}>
        {(control) => <TextInput {...control} required autoComplete="off" spellCheck={false} />}
      </Field>
      <SubmitButton>{t("submit")}</SubmitButton>
    </form>
  );
}
