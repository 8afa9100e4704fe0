import { Check, Minus } from "lucide-react";
import type { ComponentProps } from "react";
import { classNames } from "./class-names";

interface SwitchProps extends Omit<ComponentProps<"button">, "children" | "role"> {
  readonly on: boolean;
  /** The state in words, before the switch: colour and place alone say nothing. */
  readonly stateText: string;
  /** Id of the element that names the switch. */
  readonly "aria-labelledby": string;
  /** Id for the state in words, which describes the switch. */
  readonly "aria-describedby": string;
  readonly pending: boolean;
}

/** A switch with its state in words before it; flips nothing by itself. */
export function Switch({ on, stateText, pending, type = "button", ...rest }: SwitchProps) {
  const Icon = on ? Check : Minus;
  return (
    <div className="flex shrink-0 items-center gap-2.5">
      <span id={rest["aria-describedby"]} className={on && !pending ? "font-medium text-good" : "text-muted"}>
        {stateText}
      </span>
      <button
        type={type}
        role="switch"
        aria-checked={on}
        aria-busy={pending}
        className={classNames(
          "flex h-6 w-11 items-center rounded-full border p-px transition-colors duration-100",
          on ? "border-transparent bg-good" : "border-line-control bg-sunken",
        )}
        {...rest}
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
