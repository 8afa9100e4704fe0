"use client";

import { Check, Minus } from "lucide-react";
import { useId } from "react";
import { classNames } from "@/components/ui/class-names";
import { StatusPill } from "@/components/ui/status";

interface EnforcementSwitchProps {
  readonly on: boolean;
  /** Id of the element that names the switch. */
  readonly labelledBy: string;
  /** The state in words, beside the switch. */
  readonly stateText: string;
  readonly pending: boolean;
  /** null: only the state is shown. */
  readonly onFlip: (() => void) | null;
}

/** A switch with its state in words before it: colour and place alone say nothing. */
export function EnforcementSwitch({ on, labelledBy, stateText, pending, onFlip }: EnforcementSwitchProps) {
  const id = useId();
  if (!onFlip) return <StatusPill tone={on ? "good" : "idle"}>{stateText}</StatusPill>;
  const Icon = on ? Check : Minus;
  return (
    <div className="flex shrink-0 items-center gap-2.5">
      <span id={id} className={on && !pending ? "font-medium text-good" : "text-muted"}>
        {stateText}
      </span>
      <button
        type="button"
        role="switch"
        aria-checked={on}
        aria-labelledby={labelledBy}
        aria-describedby={id}
        aria-busy={pending}
        onClick={onFlip}
        className={classNames(
          "flex h-6 w-11 items-center rounded-full border p-px transition-colors duration-100",
          on ? "border-transparent bg-good" : "border-line-control bg-sunken",
        )}
      >
        <span
          className={classNames(
            "grid size-5 place-items-center rounded-full transition-transform duration-100",
            on ? "translate-x-5 bg-surface text-good" : "bg-line-control text-surface",
          )}
        >
          <Icon aria-hidden strokeWidth={3} className="size-3" />
        </span>
      </button>
    </div>
  );
}
