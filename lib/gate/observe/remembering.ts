import { ownCopy } from "./own-copy";

/**
 * Remembers results of a pure function, so that each distinct text is worked out, and held in memory, once:
 * real callers send few. Holds at most twice `size`, those of the present and those of the past round, so
 * that a flood of distinct ones neither grows nor empties it.
 *
 * @param longest arguments with more characters than this are not remembered
 */
export function remembering<T>(
  compute: (text: string) => T,
  { size = 1000, longest }: { size?: number; longest: number },
): (text: string) => T {
  let present = new Map<string, T>();
  let past = new Map<string, T>();
  return (text) => {
    if (text.length > longest) return compute(text);
    const found = present.get(text);
    if (found !== undefined) return found;
    const value = past.get(text) ?? compute(text);
    if (present.size >= size) {
      past = present;
      present = new Map();
    }
    present.set(ownCopy(text), value);
    return value;
  };
}
