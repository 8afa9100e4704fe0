/**
 * Bounds how many lines are written a second, so that a flood of rejections makes no flood of writing.
 * What exceeds the budget is counted by its key and summed up in one call a second.
 */
export class LineBudget {
  readonly #perSecond: number;
  readonly #sumUp: (left: Readonly<Record<string, number>>) => void;
  readonly #left = new Map<string, number>();
  #used = 0;
  #second: NodeJS.Timeout | undefined;

  constructor(perSecond: number, sumUp: (left: Readonly<Record<string, number>>) => void) {
    this.#perSecond = perSecond;
    this.#sumUp = sumUp;
  }

  /** True when a line with this key may be written now. Keys come from a small fixed set. */
  take(key: string): boolean {
    this.#second ??= setTimeout(() => this.#turn(), 1000).unref();
    if (this.#used < this.#perSecond) {
      this.#used++;
      return true;
    }
    this.#left.set(key, (this.#left.get(key) ?? 0) + 1);
    return false;
  }

  #turn(): void {
    this.#second = undefined;
    this.#used = 0;
    if (this.#left.size === 0) return;
    const left = Object.fromEntries(this.#left);
    this.#left.clear();
    this.#sumUp(left);
  }
}
