import type { AppliedEpoch, ConfirmationStore } from "@/lib/db/gate-confirmations";

/** What reporting stands on. */
interface ConfirmationsParts {
  readonly store: ConfirmationStore;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** How far this machine's clock is off, if it is; milliseconds. */
  readonly clockAheadMs?: () => number | null;
  readonly onFailure: (error: unknown) => void;
  readonly beatMs?: number;
  readonly retryMs?: number;
}

const defaultBeatMs = 5000;
const defaultRetryMs = 1000;
const beatsPerSweep = 60;
const mostPerWrite = 1000;
/** What waits while the database takes nothing; the oldest make room. */
const mostWaiting = 50_000;

/**
 * Reports what this process has applied, beside the requests: right after it did, one statement at a time,
 * and whatever happens while that is under way goes with the next one. Says only what is so already, so a
 * report that is lost or late makes nothing look better than it is.
 */
export class Confirmations {
  readonly #parts: ConfirmationsParts;
  readonly #waiting = new Map<string, { readonly epoch: bigint; readonly at: number }>();
  #writing: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #beats: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;
  #beatCount = 0;
  #snapshot: string | null = null;
  #left = false;
  /** Changes applied since the start, for the metrics. */
  applied = 0;

  constructor(parts: ConfirmationsParts) {
    this.#parts = parts;
  }

  /** Confirmations that are not written yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** An announced epoch is applied: nothing older is served from now on. */
  note(accountId: string, epoch: bigint): void {
    this.applied++;
    if (this.#left) return;
    const known = this.#waiting.get(accountId);
    if (known && known.epoch >= epoch) return;
    this.#waiting.delete(accountId);
    this.#waiting.set(accountId, { epoch, at: this.#parts.now() });
    if (this.#waiting.size > mostWaiting) {
      const oldest = this.#waiting.keys().next().value;
      if (oldest !== undefined) this.#waiting.delete(oldest);
    }
    this.#write();
  }

  /** All that was committed in this snapshot is applied. The first call begins the reports. */
  caughtUp(snapshot: string): void {
    this.#snapshot = snapshot;
    if (this.#left) return;
    this.#beats ??= setInterval(() => this.#beat(), this.#parts.beatMs ?? defaultBeatMs).unref();
    // One that is under way may say the older snapshot.
    void (this.#beating ?? Promise.resolve()).then(() => this.#beat());
  }

  /** Says goodbye, so that nobody waits for this process. Never rejects. */
  async leave(): Promise<void> {
    this.#left = true;
    clearInterval(this.#beats);
    clearTimeout(this.#retry);
    this.#waiting.clear();
    // It is not this process any more that a report under way would bring back.
    await Promise.all([this.#beating, this.#writing]);
    await this.#parts.store.leave().catch(this.#parts.onFailure);
    await this.#parts.store.close().catch(() => {});
  }

  #beat(): void {
    if (this.#beating || this.#left) return;
    const { store, clockAheadMs, onFailure } = this.#parts;
    const sweeps = this.#beatCount++ % beatsPerSweep === 0;
    this.#beating = store
      .beat(this.#snapshot, clockAheadMs?.() ?? null)
      .then(() => (sweeps ? store.sweep() : undefined))
      .catch(onFailure)
      .finally(() => {
        this.#beating = undefined;
      });
  }

  #write(): void {
    if (this.#writing || this.#retry || this.#left || this.#waiting.size === 0) return;
    this.#writing = this.#writeBatch().then((done) => {
      this.#writing = undefined;
      if (done || this.#left) return this.#write();
      const again = () => {
        this.#retry = undefined;
        this.#write();
      };
      this.#retry = setTimeout(again, this.#parts.retryMs ?? defaultRetryMs).unref();
    });
  }

  /** False when the database did not take it; then it waits on, unless something newer does. */
  async #writeBatch(): Promise<boolean> {
    // After all announcements that came in the same breath.
    await new Promise((resolve) => setImmediate(resolve));
    const batch = [...this.#waiting].slice(0, mostPerWrite);
    for (const [accountId] of batch) this.#waiting.delete(accountId);
    const now = this.#parts.now();
    const rows = batch.map(([accountId, { epoch, at }]): AppliedEpoch => {
      return { accountId, epoch, ageMs: now - at };
    });
    try {
      await this.#parts.store.write(rows);
      return true;
    } catch (error) {
      for (const [accountId, waiting] of batch)
        if (!this.#waiting.has(accountId)) this.#waiting.set(accountId, waiting);
      this.#parts.onFailure(error);
      return false;
    }
  }
}
