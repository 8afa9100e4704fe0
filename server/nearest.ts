/** How many letters to insert, remove or replace (Levenshtein). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (const [to, wanted] of [...other].entries()) {
      const replaced = (row[to] ?? 0) + (letter === wanted ? 0 : 1);
      next.push(Math.min(replaced, (row[to + 1] ?? 0) + 1, (next[to] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/**
 * The one of some names that was most likely meant; undefined when none is near.
 *
 * @param most letters that may be wrong; by default a third of the name, two in short ones
 */
export function nearest(name: string, names: readonly string[], most?: number): string | undefined {
  const near = names
    .map((each) => ({ each, letters: each.startsWith(name) && name.length > 2 ? 0 : distance(name, each) }))
    .filter(({ each, letters }) => letters <= (most ?? Math.max(2, Math.floor(each.length / 3))))
    .filter(({ each, letters }) => letters < each.length - 1);
  return near.sort((one, other) => one.letters - other.letters)[0]?.each;
}
