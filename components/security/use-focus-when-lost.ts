"use client";

import { useEffect, useRef } from "react";

/**
 * A change takes away the button that had, or would get back, the focus, which would fall to the top of the
 * page. It goes to the module's heading instead.
 *
 * @param open a dialog is open, which takes care of the focus itself
 * @param status buttons come and go with it
 */
export function useFocusWhenLost(headingId: string, open: boolean, status: string): void {
  const seen = useRef({ open, status });
  useEffect(() => {
    const changed = seen.current.status !== status || seen.current.open;
    seen.current = { open, status };
    if (open || !changed || document.activeElement !== document.body) return;
    const heading = document.getElementById(headingId);
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
  }, [headingId, open, status]);
}
