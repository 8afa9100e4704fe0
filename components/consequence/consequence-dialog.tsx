"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { ConfirmName } from "@/components/shell/deletion-dialog";
import { type Failure, FailureNotice, fieldError } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Button, type ButtonVariant } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/status";
import { breaksAnybody } from "@/lib/domain/consequence";
import type { ActionResult } from "@/lib/domain/errors";
import { type NamedCallers, namedBy } from "@/lib/domain/named-callers";
import { ConsequenceCallers } from "./affected-callers";
import { type ReadConsequence, useConsequence } from "./use-consequence";

interface ConsequenceQuestionProps {
  readonly title: ReactNode;
  readonly description?: ReactNode;
  /** Reads whom the change would concern; null: nobody. */
  readonly read: ReadConsequence | null;
  /** Becomes another text when callers have changed. */
  readonly moment?: string;
  /** Asks for a name before callers are knowingly rejected; holds it. null: nobody is ever rejected. */
  readonly nameLabel: ReactNode;
  /** Of the field with the name; what a refusal calls it. */
  readonly field?: "confirmation" | "confirmName";
  /** The name is asked for whether somebody would be rejected or not. */
  readonly alwaysNamed?: boolean;
  /** The way out; *Cancel* when left out. */
  readonly cancel?: string;
  readonly submit: string;
  /** Of the button while nobody would be rejected. */
  readonly variant?: ButtonVariant;
  readonly pending: boolean;
  /** What the change failed for, and the words for it where they are not a field's. */
  readonly failure: Failure | null;
  readonly problem: ReactNode;
  /** The form whose refused field gets the focus. */
  readonly form: RefObject<HTMLFormElement | null>;
  /** @param name as it was typed; empty where none was asked for  @param named whom the question names */
  readonly onConfirm: (name: string, named: NamedCallers) => void;
  readonly onClose: () => void;
  /** What the change does. */
  readonly children: ReactNode;
}

/**
 * Says what a change would do to whom, by name, above the button that does it. Where somebody would be rejected, or may be, a
 * name has to be typed. The use case has the last word: if it asks for a name, callers are read again.
 */
export function ConsequenceQuestion(props: ConsequenceQuestionProps) {
  const { title, description, read, moment = "", nameLabel, field = "confirmation", alwaysNamed } = props;
  const { cancel, submit, variant = "primary", pending, failure, problem, form, onConfirm, onClose } = props;
  const { state, shown, outdated, look, retry } = useConsequence(read, moment);
  const t = useTranslations("common");
  const [name, setName] = useState("");
  const seen = useRef(failure);
  const refused = fieldError(failure, field);
  const breaking = (shown !== null && breaksAnybody(shown)) || refused !== undefined;

  useEffect(() => {
    if (seen.current === failure) return;
    seen.current = failure;
    // What was refused was judged by newer callers.
    if (refused) void look();
  });

  return (
    <Dialog open size={shown ? "lg" : "md"} onOpenChange={onClose} title={title} description={description}>
      <form ref={form} action={() => onConfirm(name, namedBy(shown))} noValidate>
        <div className="grid gap-4">
          {problem}
          <Forecast {...{ state, outdated, look, retry }}>
            {shown && <ConsequenceCallers consequence={shown} />}
          </Forecast>
          {props.children}
          {(breaking || alwaysNamed) && (
            <ConfirmName name={field} label={nameLabel} value={name} error={refused} onChange={setName} />
          )}
        </div>
        <DialogActions>
          <Button data-autofocus onClick={onClose}>
            {cancel ?? t("cancel")}
          </Button>
          <Button
            type="submit"
            variant={breaking ? "danger" : variant}
            disabled={state === "loading"}
            pending={pending}
          >
            {submit}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

interface ConsequenceDialogProps<T>
  extends Omit<ConsequenceQuestionProps, "pending" | "failure" | "form" | "onConfirm" | "problem"> {
  /** @param name as it was typed; empty where none was asked for  @param named whom the question names */
  readonly run: (name: string, named: NamedCallers) => Promise<ActionResult<T>>;
  /** @param leave goes to another page, so that nothing of this one is pressed again meanwhile */
  readonly onDone: (data: T, leave: (go: () => void) => void) => void;
  /** The words for what it failed for, where they are not a field's; the usual ones when left out. */
  readonly problemOf?: (failure: Failure | null) => ReactNode;
}

/** The same for a change that nothing else on its page has to know of while it is under way. */
export function ConsequenceDialog<T>({ run, onDone, problemOf, ...dialog }: ConsequenceDialogProps<T>) {
  const { pending, failure, form, submit, leave } = useSubmission();
  return (
    <ConsequenceQuestion
      {...dialog}
      {...{ pending, failure, form }}
      problem={problemOf ? problemOf(failure) : <FailureNotice failure={failure} />}
      onConfirm={(name, named) =>
        void submit(
          () => run(name, named),
          (result) => result.ok && onDone(result.data, leave),
        )
      }
    />
  );
}

interface ForecastProps
  extends Pick<ReturnType<typeof useConsequence>, "state" | "outdated" | "look" | "retry"> {
  readonly children: ReactNode;
}

/** Who is concerned; that it is being read, or could not be; and that callers have changed since. */
function Forecast({ state, outdated, look, retry, children }: ForecastProps) {
  const t = useTranslations("consequence");
  const callers = useRef<HTMLDivElement>(null);
  return (
    <>
      {state === "failed" && (
        <Notice tone="warn" role="alert">
          <p>{t("failed")}</p>
          <Button size="sm" className="mt-2" onClick={retry}>
            {t("again")}
          </Button>
        </Notice>
      )}
      <div ref={callers} tabIndex={-1} className="rounded-md">
        {children}
      </div>
      <div role="status" className="text-pretty text-muted empty:hidden">
        {state === "loading" && t("loading")}
        {outdated && (
          <NewerCallers
            onLookAgain={() => {
              void look();
              callers.current?.focus();
            }}
          />
        )}
      </div>
    </>
  );
}

/** Callers have changed since they were read. */
export function NewerCallers({ onLookAgain }: { readonly onLookAgain: () => void }) {
  const t = useTranslations("consequence");
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      {t("newer")}
      <Button size="sm" onClick={onLookAgain}>
        {t("lookAgain")}
      </Button>
    </span>
  );
}
