"use client";

import { startTransition, useRef, useState } from "react";

/**
 * One setting that may be changed again while a change is under way: the last wish counts. When an answer is there
 * and the wish is another one by then, that is sent next.
 *
 * @param send changes the setting; resolves to whether it is so now. After a "no" nothing more is sent.
 * @returns the wish, until the page that its answer brought shows how it is; and what takes a wish
 */
export function useLastWish(send: (wish: boolean, isLast: () => boolean) => Promise<boolean>) {
  const [shown, setShown] = useState<boolean | null>(null);
  const wish = useRef<boolean | null>(null);

  async function follow() {
    for (let sent: boolean | null = null; wish.current !== sent; ) {
      const next: boolean | null = wish.current;
      if (next === null || !(await send(next, () => wish.current === next))) break;
      sent = next;
    }
    wish.current = null;
    // Not before the page that the answer brought.
    startTransition(() => setShown(null));
  }

  function take(next: boolean) {
    const underWay = wish.current !== null;
    wish.current = next;
    setShown(next);
    if (!underWay) void follow();
  }

  return [shown, take] as const;
}
