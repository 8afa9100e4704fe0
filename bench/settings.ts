/** How long and how large the measurements are. */
export interface Settings {
  readonly quick: boolean;
  /** Seconds of load before anything counts. */
  readonly warmUpSeconds: number;
  /** Seconds of one counted run; wrk takes whole seconds only. */
  readonly runSeconds: number;
  /** Counted runs of each peer; the median stands. */
  readonly rounds: number;
  /** Connections that wrk keeps busy. */
  readonly connections: number;
  /** Seconds at half the peak rate. */
  readonly steadySeconds: number;
  /** Instances in the large database, and how many of them are called. */
  readonly instances: number;
  readonly hotInstances: number;
  /** Accounts that the instances of the large database are spread over. */
  readonly accounts: number;
  /** Times that enforcement is switched on and off again. */
  readonly changes: number;
  /** Times that a token is replaced at once. */
  readonly replacements: number;
  /** Distinct callers that come to one account. */
  readonly floodCallers: number;
  /** After this many seconds the whole run is cut off. */
  readonly limitSeconds: number;
}

const full: Settings = {
  quick: false,
  warmUpSeconds: 3,
  runSeconds: 6,
  rounds: 3,
  connections: 32,
  steadySeconds: 20,
  instances: 1_000_000,
  hotInstances: 100_000,
  accounts: 1000,
  changes: 500,
  replacements: 200,
  floodCallers: 1_000_000,
  limitSeconds: 1800,
};

const quick: Settings = {
  ...full,
  quick: true,
  warmUpSeconds: 1,
  runSeconds: 1,
  rounds: 1,
  steadySeconds: 2,
  instances: 5000,
  hotInstances: 1000,
  accounts: 20,
  changes: 20,
  replacements: 20,
  floodCallers: 20_000,
  limitSeconds: 300,
};

/** The settings that the documented figures are made with, or those of a smoke run of seconds. */
export function settingsFor(isQuick: boolean): Settings {
  return isQuick ? quick : full;
}
