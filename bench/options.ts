import { parseArgs } from "node:util";
import { BenchError } from "./bench-error";

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
