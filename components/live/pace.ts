/** What is paced. */
interface Paced {
  /** Reads anew; resolves to how many milliseconds later it may read again, or null when nobody answers. */
  readonly read: () => Promise<number | null>;
  /** Tells whether the last reading was answered. */
  readonly reached: (reached: boolean) => void;
}

export interface Pace {
  /** Something happened: reads soon. */
  readonly happened: () => void;
  /** The dashboard may be back: reads now instead of waiting on. */
  readonly retry: () => void;
  /** Ends it; nothing is read after. */
  readonly stop: () => void;
}

/** What comes together is read together, in milliseconds. */
const gatherMs = 20;

/** Between two readings while nobody answers: longer each time, up to the last. */
export const backOffMs = [1000, 2000, 4000, 5000] as const;

/**
 * Reads at once when something happened, then again as soon as the reading before allows, one at a time; what comes
 * meanwhile is read after it. Without an answer it reads again and again until there is one.
 */
export function pace({ read, reached }: Paced): Pace {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let [busy, again, stopped] = [false, false, false];
  let last = Number.NEGATIVE_INFINITY;
  let [failures, rest] = [0, 0];

  function plan(wait: number) {
    if (stopped || busy) again = true;
    else timer ??= setTimeout(run, wait);
  }

  const happened = () => plan(Math.max(gatherMs, last + rest - Date.now()));

  async function run() {
    timer = undefined;
    [busy, again] = [true, false];
    last = Date.now();
    const answer = await read();
    busy = false;
    if (stopped) return;
    failures = answer === null ? failures + 1 : 0;
    rest = answer ?? 0;
    reached(answer !== null);
    if (answer === null) plan(backOffMs[Math.min(failures, backOffMs.length) - 1] ?? 0);
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
