"use client";

import { Content, Root, Trigger } from "radix-ui/dropdown-menu";
import { createContext, type ReactNode, useCallback, useRef } from "react";

/** How an item says what is to be done once the menu has closed. */
export const AfterClose = createContext<(action: () => void) => void>((action) => action());

interface MenuProps {
  /** One button element; the menu opens from it. */
  readonly trigger: ReactNode;
  readonly align?: "start" | "end";
  readonly side?: "top" | "bottom";
  readonly children: ReactNode;
}

/**
 * A menu of actions. What an item does happens after the menu has closed and the focus is back on the
 * trigger, so that a dialog opened by it gives the focus back to the right place.
 */
export function Menu({ trigger, align = "end", side = "bottom", children }: MenuProps) {
  const deferred = useRef<(() => void) | null>(null);
  const triggerRef = useRef<HTMLButtonElement>(null);
  const afterClose = useCallback((action: () => void) => {
    deferred.current = action;
  }, []);

  function onCloseAutoFocus(event: Event) {
    const action = deferred.current;
    if (!action) return;
    deferred.current = null;
    event.preventDefault();
    triggerRef.current?.focus();
    action();
  }

  return (
    // Not modal: that mode would write a style element without the page's nonce.
    <Root modal={false}>
      <Trigger ref={triggerRef} asChild>
        {trigger}
      </Trigger>
      {/* No portal: what opens stays in the landmark of what opened it. */}
      <Content
        align={align}
        side={side}
        sideOffset={6}
        collisionPadding={8}
        onCloseAutoFocus={onCloseAutoFocus}
        className="z-40 min-w-48 max-w-72 animate-appear rounded-lg border border-line bg-surface p-1 text-text shadow-float"
      >
        <AfterClose value={afterClose}>{children}</AfterClose>
      </Content>
    </Root>
  );
}
