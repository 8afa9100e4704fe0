"use client";

import { useTranslations } from "next-intl";
import type { ClipboardEvent, RefObject } from "react";
import { useFieldMessage } from "@/components/shell/refusal";
import { Button } from "@/components/ui/button";
import { Field, TextInput } from "@/components/ui/field";
import { noteMaxLength } from "@/lib/domain/address-rule";
import type { FieldError } from "@/lib/domain/errors";

interface AddOneProps {
  readonly form: RefObject<HTMLFormElement | null>;
  readonly input: RefObject<HTMLInputElement | null>;
  readonly address: string;
  readonly note: string;
  readonly pending: boolean;
  readonly errors: { readonly address: FieldError | undefined; readonly note: FieldError | undefined };
  readonly onAddress: (address: string) => void;
  readonly onNote: (note: string) => void;
  /** One of what a refused text may have meant was chosen. */
  readonly onMeant: (address: string) => void;
  /** Several lines were pasted. */
  readonly onLines: (text: string) => void;
  readonly onSubmit: () => void;
}

/** One address or range with its note. A refused one that can be read two ways offers both. */
export function AddOne(props: AddOneProps) {
  const { form, input, address, note, pending, errors, onAddress, onNote, onMeant, onLines, onSubmit } =
    props;
  const t = useTranslations("addresses.add");
  const message = useFieldMessage();
  const { network, address: alone } = errors.address?.params ?? {};
  const given = errors.address?.code === "address_listed" ? [] : [network, alone];
  const meant = given.filter((value) => typeof value === "string");

  function onPaste(event: ClipboardEvent) {
    const text = event.clipboardData.getData("text").trim();
    if (!/[\r\n]/.test(text)) return;
    // The field would swallow the line ends.
    event.preventDefault();
    onLines(text);
  }

  return (
    <form
      ref={form}
      action={onSubmit}
      noValidate
      className="grid items-start gap-3 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto]"
    >
      <Field
        label={t("address")}
        name="address"
        error={message(errors.address)}
        hint={meant.length > 0 && <Meant texts={meant} onUse={onMeant} />}
      >
        {(control) => (
          <TextInput
            {...control}
            ref={input}
            value={address}
            onChange={(event) => onAddress(event.target.value)}
            onPaste={onPaste}
            placeholder={t("addressHint")}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            className="font-mono"
          />
        )}
      </Field>
      <Field label={t("note")} name="note" error={message(errors.note)}>
        {(control) => (
          <TextInput
            {...control}
            value={note}
            onChange={(event) => onNote(event.target.value)}
            placeholder={t("noteHint")}
            autoComplete="off"
            maxLength={noteMaxLength}
          />
        )}
      </Field>
      {/* In line with the inputs, not with their labels. */}
      <Button type="submit" variant="primary" pending={pending} className="sm:mt-6.75">
        {t("submit")}
      </Button>
    </form>
  );
}

interface MeantProps {
  readonly texts: readonly string[];
  readonly onUse: (value: string) => void;
}

/** What a refused text may have meant, one click each. */
function Meant({ texts, onUse }: MeantProps) {
  const t = useTranslations("addresses.add");
  return (
    <span className="flex flex-wrap gap-2">
      {texts.map((value) => (
        <Button key={value} size="sm" onClick={() => onUse(value)}>
          {t("use", { value })}
        </Button>
      ))}
    </span>
  );
}
