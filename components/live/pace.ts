/** What is paced. */
interface Reading {
  /** Whether the dashboard answers; asked right before each reading. */
  readonly answers: () => Promise<boolean>;
  /** Reads anew; resolves once what was read shows. Tells each time that an answer got lost on the way. */
  readonly read: (lost: () => void) => Promise<void>;
  /** Tells whether the last question was answered. */
  readonly reached: (reached: boolean) => void;
}

export interface Pace {
  /** Something happened: reads soon. */
  readonly happened: () => void;
  /** The dashboard may be back: asks now instead of waiting on. */
  readonly retry: () => void;
  /** Ends it; nothing is read after. */
  readonly stop: () => void;
}

/** What comes together is read together, in milliseconds; and between two readings at least. */
export const gatherMs = 20;
export const leastPauseMs = 700;

/** Between two questions while nobody answers: longer each time, up to the last. */
export const backOffMs = [1000, 2000, 4000, 5000] as const;

/** How long to wait after so many failures, one or more. */
export function backOffAfter(failures: number): number {
  return backOffMs[Math.min(failures, backOffMs.length) - 1] ?? 0;
}

/**
 * Reads at once when something happened, then at most every so often, one reading at a time; what comes
 * meanwhile is read after it. Reads only after an answer, and asks again and again while there is none.
 */
export function pace({ answers, read, reached }: Reading): Pace {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let [busy, again, stopped] = [false, false, false];
  let last = Number.NEGATIVE_INFINITY;
  let failures = 0;

  function plan(wait: number) {
    if (stopped || busy) again = true;
    else timer ??= setTimeout(run, wait);
  }

  const happened = () => plan(Math.max(gatherMs, last + leastPauseMs - Date.now()));

  async function run() {
    timer = undefined;
    [busy, again] = [true, false];
    const good = await answers();
    if (stopped) return;
    failures = good ? 0 : failures + 1;
    reached(good);
    if (good) {
      last = Date.now();
      await read(() => reached(false));
      reached(true);
    }
    busy = false;
    if (!good) plan(backOffAfter(failures));
    else if (again) happened();
  }

  return {
    happened,
    retry: () => {
      if (failures === 0 || timer === undefined) return;
      clearTimeout(timer);
      timer = undefined;
      plan(0);
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
