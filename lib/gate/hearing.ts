const again = 500;

/** Whether changes are heard, and since when held policies could have changed unheard. */
export class Hearing {
  readonly #now: () => number;
  readonly #maxStalenessMs: number;
  /** Counts connections and losses, so that work for an earlier one is noticed. */
  #connection = 0;
  #listening = false;
  #heardAt = Number.NEGATIVE_INFINITY;

  constructor(now: () => number, maxStalenessMs: number) {
    this.#now = now;
    this.#maxStalenessMs = maxStalenessMs;
  }

  /** The connection that announces has said something: all that was said before has arrived. */
  heard(): void {
    if (this.#listening) this.#heardAt = this.#now();
  }

  lost(): void {
    this.#connection++;
    this.#listening = false;
  }

  /**
   * There is a connection again. Counts from the call on, once `catchUp` has found what was missed; it is
   * tried until it is true.
   *
   * @returns false when the connection was lost again meanwhile
   */
  async connected(catchUp: () => Promise<boolean>): Promise<boolean> {
    const connection = ++this.#connection;
    const since = this.#now();
    while (!(await catchUp())) {
      await new Promise((resolve) => setTimeout(resolve, again));
      if (this.#connection !== connection) return false;
    }
    if (this.#connection !== connection) return false;
    this.#heardAt = since;
    this.#listening = true;
    return true;
  }

  /** True while changes are heard; a connection that is silent for too long does not count. */
  hears(now: number): boolean {
    return this.#listening && now - this.#heardAt < this.#maxStalenessMs;
  }

  /** Whether what was read at that time still counts though it may have changed unheard. */
  counts(readAt: number, now: number): boolean {
    return now - Math.max(readAt, this.#heardAt) < this.#maxStalenessMs;
  }

  /** Milliseconds since everything was surely heard; 0 while it is. */
  staleness(): number {
    const now = this.#now();
    return this.hears(now) ? 0 : now - this.#heardAt;
  }
}
