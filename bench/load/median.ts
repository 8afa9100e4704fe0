/** The element in the middle by a measure; of an even number, the lower of the two. Undefined when empty. */
export function medianBy<T>(items: readonly T[], measure: (item: T) => number): T | undefined {
  const sorted = [...items].sort((a, b) => measure(a) - measure(b));
  return sorted[Math.floor((sorted.length - 1) / 2)];
}
