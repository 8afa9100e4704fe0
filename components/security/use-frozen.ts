import { useState } from "react";

/**
 * A value as it was when it was last taken, while the live one goes on: what somebody reads, and is about to act on,
 * does not change under their eyes.
 *
 * @returns the value, and what takes the live one
 */
export function useFrozen<T>(live: T): [T, () => void] {
  const [taken, setTaken] = useState<{ readonly value: T } | null>({ value: live });
  if (!taken) setTaken({ value: live });
  return [taken ? taken.value : live, () => setTaken(null)];
}
