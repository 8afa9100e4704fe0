"use client";

import { useEffect, useRef } from "react";

/**
 * When a dialog closes and the button that opened it is gone, because the state has changed, the focus would
 * fall to the top of the page. It goes to the module's heading instead.
 */
export function useFocusWhenLost(headingId: string, open: boolean): void {
  const wasOpen = useRef(false);
  useEffect(() => {
    if (wasOpen.current && !open && document.activeElement === document.body) {
      const heading = document.getElementById(headingId);
      heading?.setAttribute("tabindex", "-1");
      heading?.focus({ preventScroll: true });
    }
    wasOpen.current = open;
  }, [headingId, open]);
}
