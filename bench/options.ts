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

/** The measurements there are, and what each is for. Without a choice all are made, in this order. */
export const measurementNames = {
  peers: "the gate beside other proxies: requests/s, p50, p99 and the ratios",
  page: "the gate with and without an open Security page, as somebody outside would measure it",
  pages:
    "every page of an account with 10,000 instances and 5,000 callers: server, JavaScript, a slow browser",
  steady: "latency at half the gate's peak rate, beside that of a bare proxy",
  growth: "one instance against 1,000,000 of them",
  naming: "instances named by a host or a route beside the contract's path, and very many of one service",
  restart: "how soon a started gate is warm, its memory, and what callers feel of a deploy",
  propagation: "from the commit of a change until the last of four gates rejects",
  replacement: "from the commit of a replaced token until no gate accepts the old one",
  flood: "distinct callers without end at one account: memory, rows, reading the page",
} as const;

export type MeasurementName = keyof typeof measurementNames;

/** Another built checkout of Latchkey to compare with, and the Node.js that runs it. */
export interface Against {
  readonly folder: string;
  readonly node: string;
}

/** What the command line asks for. */
export interface Options {
  readonly measurements: readonly MeasurementName[];
  /** Names of peers; null means all. */
  readonly only: readonly string[] | null;
  readonly against: Against | null;
  readonly quick: boolean;
  /** How often every figure is measured; null: as often as the documented ones. More tell small differences apart. */
  readonly rounds: number | null;
  readonly json: boolean;
  /** Folder for CPU profiles of the gate; null means none are taken. */
  readonly profile: string | null;
  /** Whether docs/contributing/benchmarks.md is written: for complete runs, unless told otherwise. */
  readonly write: boolean;
}

const listed = Object.entries(measurementNames).map(([name, purpose]) => `  ${name.padEnd(13)}${purpose}\n`);

/** How the command is used, for `--help` and after a mistake. */
export const usage = `npm run bench -- [measurements] [options]

${listed.join("")}
  --quick        a smoke run; its figures mean little
  --rounds=N     measure so often instead of 5 times: more rounds tell smaller differences apart
  --only=A,B     only these peers
  --against=FOLDER[,NODE]
                 another built checkout of Latchkey as a peer, run by that Node.js binary if one is named
  --json         the report as JSON on stdout, progress on stderr
  --profile=DIR  CPU profiles of the gate in that folder
  --write        write docs/contributing/benchmarks.md also after an incomplete run
  --no-write     do not write it after a complete one
`;

const isMeasurement = (name: string): name is MeasurementName => Object.hasOwn(measurementNames, name);
const all = Object.keys(measurementNames).filter(isMeasurement);

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
        against: { type: "string" },
        rounds: { type: "string" },
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
  const [folder, node = process.execPath] = values.against?.split(",") ?? [];
  const against = folder ? { folder, node } : null;
  const chosen = all.filter((name) => positionals.includes(name));
  const implied: readonly MeasurementName[] = only === null && against === null ? all : ["peers"];
  const measurements = chosen.length > 0 ? chosen : implied;
  const rounds = values.rounds === undefined ? null : Number(values.rounds);
  if (rounds !== null && !(Number.isInteger(rounds) && rounds >= 1 && rounds <= 100))
    throw new BenchError(`--rounds is a whole number from 1 to 100, not "${values.rounds}"`);
  const complete =
    !values.quick &&
    rounds === null &&
    only === null &&
    against === null &&
    measurements.length === all.length;
  return {
    measurements,
    only,
    against,
    quick: values.quick,
    rounds,
    json: values.json,
    profile: values.profile ?? null,
    write: values.write ?? complete,
  };
}

/** The sizes that the documented figures are made with. Durations in seconds. */
const full = {
  quick: false,
  /** Every figure is measured so often; the median stands, beside the lowest and the highest. */
  rounds: 5,
  /** Load before anything counts. */
  warmUp: 4,
  /** One counted run; wrk takes whole seconds only. */
  run: 3,
  /** Connections that wrk keeps busy. */
  connections: 32,
  /** Instances in the large database, how many of them are called, and the accounts they are spread over. */
  instances: 1_000_000,
  hotInstances: 100_000,
  accounts: 1000,
  /** Times that enforcement is switched on and off again, and that a token is replaced, in each round. */
  changes: 100,
  replacements: 40,
  /** Distinct callers come to one account for so long, in each round. */
  flood: 15,
  /** Instances and callers of the one account whose pages are asked for. */
  accountInstances: 10_000,
  accountCallers: 5000,
  /** After this the whole run is cut off. */
  limit: 2400,
};

/** How long and how large the measurements are. */
export type Settings = Readonly<typeof full>;

/** The settings that the documented figures are made with, or those of a smoke run. */
export function settingsFor({ quick, rounds }: Pick<Options, "quick" | "rounds">): Settings {
  if (!quick) return { ...full, rounds: rounds ?? full.rounds };
  const little = {
    instances: 5000,
    hotInstances: 1000,
    accounts: 20,
    changes: 10,
    replacements: 5,
    flood: 3,
    accountInstances: 1000,
    accountCallers: 500,
  };
  return { ...full, ...little, quick, rounds: rounds ?? 2, warmUp: 1, run: 1, limit: 300 };
}
