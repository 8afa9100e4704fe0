/** What a page shows and goes on reading: what was read, in which account, and when reading began. */
export interface Reading<T> {
  readonly accountId: string;
  readonly at: Date;
  readonly data: T;
}

/** The first of some moments; null when there is none. */
export function soonest(moments: readonly (Date | null | undefined)[]): Date | null {
  const times = moments.flatMap((moment) => (moment ? [moment.getTime()] : []));
  return times.length === 0 ? null : new Date(Math.min(...times));
}
