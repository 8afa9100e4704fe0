"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { Field, TextInput } from "../ui/field";

function subscribe(changed: () => void): () => void {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
}

/**
 * The token of the link that opened this page, as a hidden field; it is taken out of the address bar at once, so
 * that it stays in no history. Where there is none, and without JavaScript, a field to paste the link into.
 */
export function LinkToken() {
  const t = useTranslations("auth.link");
  const kept = useRef("");
  const hash = useSyncExternalStore(
    subscribe,
    () => {
      if (window.location.hash.length > 1) kept.current = window.location.hash.slice(1);
      return kept.current;
    },
    () => null,
  );

  useEffect(() => {
    if (hash && window.location.hash) {
      window.history.replaceState(window.history.state, "", window.location.pathname);
    }
  }, [hash]);

  const paste = (
    <Field label={t("paste")} name="link" hint={t("pasteHint")}>
      {(control) => (
        <TextInput {...control} required autoComplete="off" autoCapitalize="none" spellCheck={false} />
      )}
    </Field>
  );
  if (hash === null) return <noscript>{paste}</noscript>;
  return hash ? <input type="hidden" name="token" value={hash} /> : paste;
}
