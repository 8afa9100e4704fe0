"use client";

import { useTranslations } from "next-intl";
import { type ClipboardEvent, type Dispatch, type SetStateAction, useEffect, useRef, useState } from "react";
import { FailureNotice, fieldError, useFieldMessage } from "@/components/shell/refusal";
import { TextField } from "@/components/shell/text-field";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { Field, TextArea } from "@/components/ui/field";
import { Notice } from "@/components/ui/status";
import { code } from "@/components/ui/text";
import { toast } from "@/components/ui/toaster";
import { addAddressAction, addAddressLinesAction, addCurrentAddressAction } from "@/lib/actions/addresses";
import type { AddedRules, AddressRestrictionView } from "@/lib/domain/address-view";
import { noteMaxLength } from "@/lib/domain/address-view";
import type { ActionResult } from "@/lib/domain/errors";

type Current = AddressRestrictionView["current"];

/** Adds one address, the one the person comes from, or many lines at once. What was typed survives an error. */
export function AddAddress({ current }: { readonly current: Current }) {
  const [typed, setTyped] = useState({ address: "", note: "" });
  /** null: one address is being typed. */
  const [lines, setLines] = useState<string | null>(null);
  const [added, setAdded] = useState<AddedRules | null>(null);

  function show(text: string | null) {
    setAdded(null);
    setLines(text);
  }

  return (
    <div className="grid gap-3">
      {lines === null ? (
        <AddOne
          typed={typed}
          onTyped={setTyped}
          added={added}
          onAdded={setAdded}
          onLines={show}
          current={current}
        />
      ) : (
        <AddLines
          first={lines}
          onAdded={(result) => {
            if (result) show(null);
            setAdded(result);
          }}
          onCancel={() => show(null)}
        />
      )}
    </div>
  );
}

/** Hears what came of adding; null when it was refused. */
type OnAdded = (added: AddedRules | null) => void;

function useAdding(onAdded: OnAdded) {
  const t = useTranslations("addresses.add");
  const { submit, ...submission } = useSubmission();

  function add(action: () => Promise<ActionResult<AddedRules>>, done?: () => void) {
    void submit(action, (result) => {
      onAdded(result.ok ? result.data : null);
      if (!result.ok) return;
      const { added } = result.data;
      toast.success(t("done", { count: added.length, address: added[0] ?? "" }));
      done?.();
    });
  }

  return { ...submission, add };
}

interface AddOneProps {
  readonly typed: { readonly address: string; readonly note: string };
  readonly onTyped: Dispatch<SetStateAction<AddOneProps["typed"]>>;
  readonly added: AddedRules | null;
  readonly onAdded: OnAdded;
  /** Several lines were pasted, or are to be typed. */
  readonly onLines: (text: string) => void;
  readonly current: Current;
}

/** One address or range with its note. A refused one that can be read two ways offers both. */
function AddOne({ typed, onTyped, added, onAdded, onLines, current }: AddOneProps) {
  const t = useTranslations("addresses.add");
  const { pending, failure, form, add, clear } = useAdding(onAdded);
  const input = useRef<HTMLInputElement>(null);
  const { address, note } = typed;
  const error = fieldError(failure, "address");
  const { network, address: alone } = error?.params ?? {};
  const given = error?.code === "address_listed" ? [] : [network, alone];
  const meant = given.filter((value) => typeof value === "string");

  useEffect(() => {
    if (added) input.current?.focus();
  }, [added]);

  function onPaste(event: ClipboardEvent) {
    const text = event.clipboardData.getData("text").trim();
    if (!/[\r\n]/.test(text)) return;
    // The field would swallow the line ends.
    event.preventDefault();
    onLines(text);
  }

  function use(value: string) {
    clear();
    onTyped((now) => ({ ...now, address: value }));
    input.current?.focus();
  }

  return (
    <>
      <form
        ref={form}
        action={() =>
          add(
            () => addAddressAction({ address, note }),
            () => onTyped({ address: "", note: "" }),
          )
        }
        noValidate
        className="grid items-start gap-3 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto]"
      >
        <TextField
          label={t("address")}
          name="address"
          value={address}
          onChange={(value) => onTyped((now) => ({ ...now, address: value }))}
          failure={failure}
          hint={
            meant.length > 0 && (
              <span className="flex flex-wrap gap-2">
                {meant.map((value) => (
                  <Button key={value} size="sm" onClick={() => use(value)}>
                    {t("use", { value })}
                  </Button>
                ))}
              </span>
            )
          }
          exact
          ref={input}
          onPaste={onPaste}
          placeholder={t("addressHint")}
          className="font-mono"
        />
        <TextField
          label={t("note")}
          name="note"
          value={note}
          onChange={(value) => onTyped((now) => ({ ...now, note: value }))}
          failure={failure}
          placeholder={t("noteHint")}
          maxLength={noteMaxLength}
        />
        {/* In line with the inputs, not with their labels. */}
        <Button type="submit" variant="primary" pending={pending} className="sm:mt-6.75">
          {t("submit")}
        </Button>
      </form>
      <FailureNotice live failure={failure} />
      {added && <AddedNotice added={added} />}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        {current.address !== null && !current.listed && (
          <Button
            pending={pending}
            onClick={() =>
              add(
                () => addCurrentAddressAction({ note }),
                () => onTyped((now) => ({ ...now, note: "" })),
              )
            }
          >
            {t("current")}
          </Button>
        )}
        <Button variant="quiet" onClick={() => onLines("")}>
          {t("many")}
        </Button>
        <CurrentAddress current={current} />
      </div>
    </>
  );
}

/** What is worth knowing about entries just added: that they were there, or overlap with others. */
function AddedNotice({ added: { known, overlaps } }: { readonly added: AddedRules }) {
  const t = useTranslations("addresses.add");
  return (
    <div role="status">
      {known + overlaps.length > 0 && (
        <Notice tone="idle">
          {known > 0 && <p>{t("known", { count: known })}</p>}
          {overlaps.map(({ cidr, inside, other }) => (
            <p key={`${cidr} ${other}`}>
              {t.rich(inside ? "inside" : "around", { code, address: cidr, other })}
            </p>
          ))}
        </Notice>
      )}
    </div>
  );
}

/** Where the person is, as Latchkey sees it; says when it looks wrong. */
function CurrentAddress({ current: { address, kind, listed } }: { readonly current: Current }) {
  const t = useTranslations("addresses.current");
  const state = kind === null ? "unknown" : listed ? "listed" : kind;
  return (
    <p className="basis-full text-pretty text-muted wrap-anywhere">
      {t.rich(state, { code, address: address ?? "" })}
    </p>
  );
}

/** Wrong lines that are shown; with these mended the rest follows. */
const linesShown = 10;

interface AddLinesProps {
  readonly first: string;
  readonly onAdded: OnAdded;
  readonly onCancel: () => void;
}

/** Many addresses, one a line; what is wrong is said by line, and the text stays. */
function AddLines({ first, onAdded, onCancel }: AddLinesProps) {
  const t = useTranslations("addresses.add");
  const message = useFieldMessage();
  const { pending, failure, form, add } = useAdding(onAdded);
  const [text, setText] = useState(first);
  const area = useRef<HTMLTextAreaElement>(null);
  const whole = fieldError(failure, "text");
  const wrong = (failure?.fields ?? []).filter(({ field }) => field !== "text");
  const count = wrong.length;

  useEffect(() => {
    area.current?.focus();
  }, []);

  return (
    <>
      <form
        ref={form}
        action={() => add(() => addAddressLinesAction({ text }))}
        noValidate
        className="grid gap-3"
      >
        <Field
          label={t("lines")}
          name="text"
          hint={t("linesHint")}
          error={message(whole) ?? (count > 0 ? t("linesWrong", { count }) : undefined)}
        >
          {(control) => (
            <TextArea
              {...control}
              ref={area}
              rows={8}
              value={text}
              onChange={(event) => setText(event.target.value)}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              className="font-mono"
            />
          )}
        </Field>
        {count > 0 && (
          <ul className="grid gap-1 text-bad">
            {wrong.slice(0, linesShown).map((each) => (
              <li key={each.field} className="text-pretty wrap-anywhere">
                {t("line", { line: Number(each.field.split(".")[1]), message: message(each) ?? "" })}
              </li>
            ))}
            {count > linesShown && <li>{t("moreLines", { count: count - linesShown })}</li>}
          </ul>
        )}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" variant="primary" pending={pending}>
            {t("linesSubmit")}
          </Button>
          <Button variant="quiet" onClick={onCancel}>
            {t("one")}
          </Button>
        </div>
      </form>
      <FailureNotice live failure={failure} />
    </>
  );
}
