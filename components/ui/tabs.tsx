"use client";

import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";
import { classNames } from "./class-names";

interface TabItem {
  readonly id: string;
  readonly label: ReactNode;
  readonly content: ReactNode;
}

interface TabsProps {
  readonly items: readonly TabItem[];
  /** What one chooses between, for screen readers. */
  readonly label: string;
}

/**
 * Tabs after the ARIA pattern: arrows, Home and End move, the panel follows. Our own, because Radix writes
 * style attributes into the page, which the Content-Security-Policy refuses.
 */
export function Tabs({ items, label }: TabsProps) {
  const base = useId();
  const list = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState(items[0]?.id);

  function move(event: KeyboardEvent, from: number) {
    const last = items.length - 1;
    const targets: Readonly<Record<string, number>> = {
      ArrowRight: from === last ? 0 : from + 1,
      ArrowLeft: from === 0 ? last : from - 1,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    const item = target === undefined ? undefined : items[target];
    if (!item) return;
    event.preventDefault();
    setChosen(item.id);
    list.current?.querySelector<HTMLElement>(`#${CSS.escape(`${base}-${item.id}`)}`)?.focus();
  }

  return (
    <div>
      <div
        ref={list}
        role="tablist"
        aria-label={label}
        className="flex gap-1 overflow-x-auto border-line border-b p-0.5"
      >
        {items.map((item, index) => (
          <button
            key={item.id}
            id={`${base}-${item.id}`}
            type="button"
            role="tab"
            aria-selected={item.id === chosen}
            aria-controls={`${base}-${item.id}-panel`}
            tabIndex={item.id === chosen ? 0 : -1}
            onClick={() => setChosen(item.id)}
            onKeyDown={(event) => move(event, index)}
            className={classNames(
              "whitespace-nowrap border-b-2 px-3 py-2 font-medium",
              item.id === chosen
                ? "border-accent text-text"
                : "border-transparent text-muted hover:text-text",
            )}
          >
            {item.label}
          </button>
        ))}
      </div>
      {items.map((item) => (
        <div
          key={item.id}
          id={`${base}-${item.id}-panel`}
          role="tabpanel"
          aria-labelledby={`${base}-${item.id}`}
          hidden={item.id !== chosen}
          className="pt-3"
        >
          {item.content}
        </div>
      ))}
    </div>
  );
}
