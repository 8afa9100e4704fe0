/** Shortest, usual and longest time that the callers of an instance have to be ready before it is enforced; seconds. */
export const holdSeconds = { least: 60, usual: 600, most: 7 * 24 * 3600 } as const;

/** One instance that waits to be enforced. */
export interface ArmedInstance {
  readonly id: string;
  readonly name: string;
  /** Since when all of its callers are ready; null: not yet. */
  readonly readySince: Date | null;
  /** When it will be enforced unless somebody turns unready; null while somebody is. */
  readonly enforcedAt: Date | null;
  /** Callers that count, and those of them it waits for. */
  readonly callers: number;
  readonly waitingFor: number;
  /** Of those it waits for, the one that will be heard last, or whose turn nobody knows. */
  readonly next: ArmedCaller | null;
  /** Callers first heard after arming: they do not count, and will be rejected unless they send the token. */
  readonly newCallers: number;
}

/** A caller that an instance waits for. */
export interface ArmedCaller {
  readonly name: string | null;
  readonly agent: string;
  readonly others: boolean;
  /** When it should have called; null when nobody can say. */
  readonly expectedBy: number | null;
}

/** *Activate when ready*, while the token is armed. */
export interface ArmedView {
  readonly since: Date;
  /** E-mail address of the one who armed it. */
  readonly by: string;
  readonly holdSeconds: number;
  /** When the owners are asked whether to go on waiting; null: never, or they were. */
  readonly askAt: Date | null;
  /** Those that are not enforced yet, the ones that wait for nobody first; some of them. */
  readonly instances: readonly ArmedInstance[];
  /** How many more there are. */
  readonly more: number;
}
