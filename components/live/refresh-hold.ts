let holders = 0;
const waiting = new Set<() => void>();

/**
 * From now on no page reads itself anew without a click: something on it lives in memory only.
 *
 * @returns a function that ends this hold
 */
export function holdRefresh(): () => void {
  holders++;
  return () => {
    holders--;
    if (holders > 0) return;
    const free = [...waiting];
    waiting.clear();
    for (const each of free) each();
  };
}

/** Whether something holds refreshes now. */
export function isRefreshHeld(): boolean {
  return holders > 0;
}

/** Resolves once nothing holds refreshes; at once when nothing does. */
export async function refreshAllowed(): Promise<void> {
  while (isRefreshHeld()) await new Promise<void>((resolve) => waiting.add(resolve));
}
