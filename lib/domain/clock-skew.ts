/** One look at another clock. All times are milliseconds since 1970. */
export interface ClockReading {
  /** By our clock: when the question left, and when its answer was here. */
  readonly askedAt: number;
  readonly answeredAt: number;
  /** What the other clock said somewhere between. */
  readonly other: number;
}

/** How far our clock is from another. */
export interface ClockSkew {
  /** Milliseconds that ours is ahead; below 0 it is behind. */
  readonly aheadMs: number;
  /** By how much that may be wrong, either way: half of what the question took. */
  readonly uncertainMs: number;
}

/** More than NTP leaves and less than anybody notices; milliseconds. */
const mostMs = 1000;

/** Compares clocks as if the other had been read half-way. */
export function clockSkew({ askedAt, answeredAt, other }: ClockReading): ClockSkew {
  return {
    aheadMs: (askedAt + answeredAt) / 2 - other,
    uncertainMs: Math.abs(answeredAt - askedAt) / 2,
  };
}

/** Whether clocks agree within a second; null when the answer took too long to tell. */
export function clocksAgree({ aheadMs, uncertainMs }: ClockSkew): boolean | null {
  const off = Math.abs(aheadMs);
  if (off + uncertainMs <= mostMs) return true;
  return off - uncertainMs > mostMs ? false : null;
}
