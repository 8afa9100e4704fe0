/** A copy that does not keep alive the longer text it was cut from, as the engine's substrings do. */
export function detachedCopy(text: string): string {
  return Buffer.from(text).toString();
}

const mostRemembered = 1000;

/**
 * Remembers results of a pure function, so that each distinct text is worked out, and held in memory, once:
 * real callers send few. Holds those of the present and of the past round, 1,000 each, so that a flood of
 * distinct ones neither grows nor empties it.
 *
 * @param longest arguments with more characters than this are not remembered
 */
export function memoized<T>(compute: (text: string) => T, longest: number): (text: string) => T {
  let present = new Map<string, T>();
  let past = new Map<string, T>();
  return (text) => {
    if (text.length > longest) return compute(text);
    const found = present.get(text);
    if (found !== undefined) return found;
    const value = past.get(text) ?? compute(text);
    if (present.size >= mostRemembered) {
      past = present;
      present = new Map();
    }
    present.set(detachedCopy(text), value);
    return value;
  };
}
