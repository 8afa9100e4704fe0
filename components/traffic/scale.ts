/** The top of an axis for values up to `most`: a round number at or above it whose half is whole too. */
export function axisTop(most: number): number {
  let power = 1;
  while (power * 10 < most) power *= 10;
  const step = [2, 4, 6, 8, 10].find((each) => each * power >= most) ?? 10;
  return step * power;
}

/** Lower edge and height of the two parts of a bar, in percent of the axis. */
export interface BarParts {
  readonly accepted: number;
  readonly rejected: number;
}

/** The least height of a part that is not zero, so that one rejection among thousands is seen. */
const leastHeight = 2.5;

/** Heights of a bar's parts: in proportion, but what is there is seen, and the bar stays within the axis. */
export function barParts(accepted: number, rejected: number, top: number): BarParts {
  const height = (requests: number) => (requests === 0 ? 0 : Math.max((100 * requests) / top, leastHeight));
  const upper = height(rejected);
  return { rejected: upper, accepted: Math.min(height(accepted), 100 - upper) };
}
