import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "./class-names";

/** One step of a way: behind us, the one to take now, or later. */
export interface Step {
  readonly id: string;
  readonly title: ReactNode;
  readonly text: ReactNode;
  readonly state: "done" | "now" | "later";
}

interface StepsProps {
  readonly items: readonly Step[];
  /** Name of the list for screen readers. */
  readonly label: string;
  /** Said by screen readers before the title of a step that is done. */
  readonly doneLabel: string;
}

const marks: Readonly<Record<Step["state"], string>> = {
  done: "border-transparent bg-good-soft text-good",
  now: "border-transparent bg-accent text-accent-ink",
  later: "border-line-strong text-muted",
};

/** How far one has come: side by side on wide screens, below each other on narrow ones. */
export function Steps({ items, label, doneLabel }: StepsProps) {
  return (
    <ol aria-label={label} className="grid border-line border-y md:grid-flow-col md:auto-cols-fr">
      {items.map(({ id, title, text, state }, index) => (
        <li
          key={id}
          aria-current={state === "now" ? "step" : undefined}
          className="flex gap-3 border-line px-4 py-3 not-first:border-t md:px-6 md:py-3.5 md:not-first:border-t-0 md:not-first:border-l"
        >
          <span
            aria-hidden
            className={classNames(
              "grid size-5.5 shrink-0 place-items-center rounded-full border font-semibold text-xs tabular-nums",
              marks[state],
            )}
          >
            {state === "done" ? <Check strokeWidth={3} className="size-3" /> : index + 1}
          </span>
          <span className="min-w-0">
            <span className="block font-semibold">
              {state === "done" && <span className="sr-only">{doneLabel} </span>}
              {title}
            </span>
            <span className="block text-muted">{text}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
