import { shortestRatchetMs } from "@/lib/domain/grace";

/** How far the clock of a gate may be off, both ways. */
const skewMs = 100;

/** *Known callers only* on an instance: what was said when it began, and what became of it. */
export class GraceGround {
  /** Known callers that need the token, and since when. */
  readonly ended = new Map<string, number>();
  #until: number;
  /** The end that counted before, and until when: gates hear of another one a little later. */
  #moved: { readonly at: number; readonly from: number } | null = null;

  /**
   * @param known those that Latchkey let in
   * @param mayBeKnown those that had been let in often enough, and nobody had called gone or left out
   */
  constructor(
    readonly at: number,
    until: number,
    readonly known: ReadonlySet<string>,
    readonly mayBeKnown: ReadonlySet<string>,
  ) {
    this.#until = until;
  }

  move(until: number, at: number): void {
    this.#moved = { at, from: this.#until };
    this.#until = until;
  }

  /** Whether it surely goes on at that moment, for a gate that hears of changes within that time. */
  lasts(at: number, hearsMs: number): boolean {
    const from = this.#movedFrom(at, hearsMs);
    return at < Math.min(this.#until, from ?? this.#until) - skewMs;
  }

  /** Whether it is surely over. */
  isOver(at: number, hearsMs: number): boolean {
    const from = this.#movedFrom(at, hearsMs);
    return at > Math.max(this.#until, from ?? this.#until) + skewMs;
  }

  #movedFrom(at: number, hearsMs: number): number | null {
    return this.#moved && at <= this.#moved.at + hearsMs ? this.#moved.from : null;
  }

  /** Which promise a request without a live token breaks that a gate let in; null: none. */
  brokenByPassing(key: string, at: number, hearsMs: number): "over" | "stranger" | "ratchet" | null {
    if (this.isOver(at, hearsMs)) return "over";
    if (at <= this.at + hearsMs) return null;
    if (!this.mayBeKnown.has(key)) return "stranger";
    const endedAt = this.ended.get(key);
    return endedAt !== undefined && at > endedAt + hearsMs ? "ratchet" : null;
  }
}

/** A known caller needs the token only when everything it sent for this long was live. */
export const ratchetedAfterMs = shortestRatchetMs - skewMs;
