import { parseArgs } from "node:util";

/** A measurement that cannot be made; the message is one clear line that says why or what to do. */
export class BenchError extends Error {
  override name = "BenchError";
}

/** One line about anything that was thrown. */
export function failureReason(error: unknown): string {
  if (error instanceof BenchError) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** The measurements there are; without a choice all are made, in this order. */
export const measurementNames = ["peers", "steady", "growth", "propagation", "replacement", "flood"] as const;

/** One of the measurements. */
export type MeasurementName = (typeof measurementNames)[number];

/** What the command line asks for. */
export interface Options {
  readonly measurements: readonly MeasurementName[];
  /** Names of peers; null means all. */
  readonly only: readonly string[] | null;
  readonly quick: boolean;
  readonly json: boolean;
  /** Folder for CPU profiles of the gate; null means none are taken. */
  readonly profile: string | null;
  /** Whether docs/benchmarks.md is written: for complete runs, unless told otherwise. */
  readonly write: boolean;
}

/** How the command is used, for `--help` and after a mistake. */
export const usage = `npm run bench -- [peers] [steady] [growth] [propagation] [replacement] [flood] [options]

  peers        the gate beside other proxies: requests/s, p50, p99 and the ratios
  steady       latency of the gate at half its peak rate
  growth       the gate with 1 and with 1,000,000 instances: speed, memory, cold look-ups
  propagation  from the commit of a change until the last of four gates rejects
  replacement  from the commit of a replaced token until no gate accepts the old one
  flood        1,000,000 distinct callers at one account: memory, rows, reading the preflight

  --quick        a smoke run of seconds; its figures mean little
  --only=A,B     only these peers
  --json         the report as JSON on stdout, progress on stderr
  --profile=DIR  CPU profiles of the gate in that folder
  --write        write docs/benchmarks.md also after an incomplete run
  --no-write     do not write it after a complete one
`;

function isMeasurement(name: string): name is MeasurementName {
  return measurementNames.some((known) => known === name);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      allowNegative: true,
      options: {
        quick: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        write: { type: "boolean" },
        only: { type: "string" },
        profile: { type: "string" },
      },
    });
  } catch (error) {
    throw new BenchError(`${error instanceof Error ? error.message : "unknown option"}\n\n${usage}`);
  }
}

/**
 * Reads the command line.
 *
 * @throws BenchError that names what is wrong and shows the usage
 */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parse(args);
  const unknown = positionals.find((name) => !isMeasurement(name));
  if (unknown !== undefined) throw new BenchError(`there is no measurement "${unknown}"\n\n${usage}`);
  const only = values.only?.split(",").filter(Boolean) ?? null;
  const chosen = measurementNames.filter((name) => positionals.includes(name));
  const implied: readonly MeasurementName[] = only === null ? measurementNames : ["peers"];
  const measurements = chosen.length > 0 ? chosen : implied;
  const complete = !values.quick && only === null && measurements.length === measurementNames.length;
  return {
    measurements,
    only,
    quick: values.quick,
    json: values.json,
    profile: values.profile ?? null,
    write: values.write ?? complete,
  };
}

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
