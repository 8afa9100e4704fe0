const firstMs = 250;
const longestMs = 30_000;

/** Milliseconds to wait before starting something again that failed so many times in a row. */
export function backOff(failures: number): number {
  return Math.min(longestMs, firstMs * 2 ** Math.min(failures, 10));
}
