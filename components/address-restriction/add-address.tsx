"use client";

import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { fieldError } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toaster";
import type { AddedRules, AddressRestrictionView } from "@/lib/domain/address-view";
import type { ActionResult } from "@/lib/domain/errors";
import { AddLines } from "./add-lines";
import { AddOne } from "./add-one";
import { AddedNotice } from "./added-notice";
import type { AddressActions } from "./address-actions";
import { AddressFailure } from "./address-failure";
import { CurrentAddress } from "./current-address";

interface AddAddressProps {
  readonly current: AddressRestrictionView["current"];
  readonly actions: AddressActions;
}

/** Adds one address, the one the person comes from, or many lines at once. What was typed survives an error. */
export function AddAddress({ current, actions }: AddAddressProps) {
  const t = useTranslations("addresses.add");
  const { pending, failure, form, submit, clear } = useSubmission();
  const [address, setAddress] = useState("");
  const [note, setNote] = useState("");
  /** null: one address is being typed. */
  const [lines, setLines] = useState<string | null>(null);
  const [added, setAdded] = useState<AddedRules | null>(null);
  const input = useRef<HTMLInputElement>(null);

  function run(action: () => Promise<ActionResult<AddedRules>>, done: () => void) {
    void submit(action, (result) => {
      setAdded(result.ok ? result.data : null);
      if (!result.ok) return;
      const count = result.data.added.length;
      toast.success(t("done", { count, address: result.data.added[0] ?? "" }));
      done();
      input.current?.focus();
    });
  }

  function addOne() {
    run(
      () => actions.add({ address, note }),
      () => {
        setAddress("");
        setNote("");
      },
    );
  }

  function addCurrent() {
    run(
      () => actions.addCurrent({ note }),
      () => setNote(""),
    );
  }

  function mean(text: string) {
    clear();
    setAddress(text);
    input.current?.focus();
  }

  function show(text: string | null) {
    clear();
    setAdded(null);
    setLines(text);
  }

  return (
    <div className="grid gap-3">
      {lines === null ? (
        <AddOne
          form={form}
          input={input}
          address={address}
          note={note}
          pending={pending}
          errors={{ address: fieldError(failure, "address"), note: fieldError(failure, "note") }}
          onAddress={setAddress}
          onMeant={mean}
          onNote={setNote}
          onLines={show}
          onSubmit={addOne}
        />
      ) : (
        <AddLines
          form={form}
          text={lines}
          pending={pending}
          errors={failure?.fields ?? []}
          onText={setLines}
          onCancel={() => show(null)}
          onSubmit={() =>
            run(
              () => actions.addLines({ text: lines }),
              () => setLines(null),
            )
          }
        />
      )}
      {failure?.fields.length === 0 && <AddressFailure failure={failure} />}
      {added && <AddedNotice added={added} />}
      {lines === null && (
        <CurrentAddress current={current} pending={pending} onAdd={addCurrent}>
          <Button variant="quiet" onClick={() => show("")}>
            {t("many")}
          </Button>
        </CurrentAddress>
      )}
    </div>
  );
}
