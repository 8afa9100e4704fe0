const mostHeld = 50_000;

/** Ids of which the database said that there is no such instance; a bounded number of them. */
export class UnknownInstances {
  /** When the reading began, by id; the oldest first. */
  readonly #readAt = new Map<string, number>();

  get size(): number {
    return this.#readAt.size;
  }

  /** True when that was said less than `forMs` ago. */
  has(instanceId: string, now: number, forMs: number): boolean {
    const readAt = this.#readAt.get(instanceId);
    return readAt !== undefined && now - readAt < forMs;
  }

  add(instanceId: string, readAt: number): void {
    this.#readAt.delete(instanceId);
    this.#readAt.set(instanceId, readAt);
    if (this.#readAt.size <= mostHeld) return;
    const oldest = this.#readAt.keys().next().value;
    if (oldest !== undefined) this.#readAt.delete(oldest);
  }

  clear(): void {
    if (this.#readAt.size > 0) this.#readAt.clear();
  }
}
