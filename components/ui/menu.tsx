"use client";

import { type ComponentProps, type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";
import { classNames } from "./class-names";

interface MenuProps {
  /** What the button that opens the menu shows; its text is the button's and the menu's name. */
  readonly trigger: ReactNode;
  readonly triggerClassName: string;
  /** Where the menu stands, as classes: it lies above the page and is placed within the window. */
  readonly className: string;
  /** MenuItem elements, in forms where they have to work without JavaScript. */
  readonly children: ReactNode;
}

/**
 * A menu of actions on the browser's own popover, which opens without JavaScript, closes on Escape and on a
 * click elsewhere, and gives the focus back. With JavaScript the arrow keys move, as the ARIA pattern asks.
 */
export function Menu({ trigger, triggerClassName, className, children }: MenuProps) {
  const id = useId();
  const menu = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);

  function items(): HTMLElement[] {
    return [...(menu.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
  }

  function onKeyDown(event: KeyboardEvent) {
    const all = items();
    const at = all.findIndex((item) => item.matches(":focus"));
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: (at + 1) % all.length,
      ArrowUp: (at <= 0 ? all.length : at) - 1,
      Home: 0,
      End: all.length - 1,
    };
    const target = targets[event.key];
    if (event.key === "Tab") menu.current?.hidePopover();
    if (target === undefined) return;
    event.preventDefault();
    all[target]?.focus();
  }

  return (
    <>
      <button
        id={`${id}-trigger`}
        type="button"
        aria-haspopup="menu"
        aria-expanded={open}
        popoverTarget={`${id}-menu`}
        className={triggerClassName}
      >
        {trigger}
      </button>
      <div
        ref={menu}
        id={`${id}-menu`}
        popover="auto"
        role="menu"
        tabIndex={-1}
        aria-labelledby={`${id}-trigger`}
        onToggle={(event) => {
          setOpen(event.newState === "open");
          if (event.newState === "open") items()[0]?.focus();
        }}
        onKeyDown={onKeyDown}
        className={classNames(
          "animate-appear rounded-lg border border-line bg-surface p-1 text-text shadow-float",
          className,
        )}
      >
        {children}
      </div>
    </>
  );
}

interface MenuItemProps extends Omit<ComponentProps<"button">, "role" | "className"> {
  /** True or false makes it one of several of which one is chosen. */
  readonly checked?: boolean;
}

/** Something to do; submits its form unless `type` says otherwise. */
export function MenuItem({ checked, ...rest }: MenuItemProps) {
  const role =
    checked === undefined ? { role: "menuitem" } : { role: "menuitemradio", "aria-checked": checked };
  return (
    <button
      type="submit"
      tabIndex={-1}
      className="-outline-offset-2 flex min-h-8 w-full items-center gap-2.5 rounded-md px-2.5 py-1 text-left hover:bg-sunken focus-visible:bg-sunken [&>svg]:size-4 [&>svg]:shrink-0"
      {...role}
      {...rest}
    />
  );
}

/** A hairline between parts of a menu. */
export function MenuSeparator() {
  return <hr className="-mx-1 my-1 border-line" />;
}
