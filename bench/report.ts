import { upstreamBody } from "./call";
import type { Machine } from "./machine";
import type { MeasurementName, Settings } from "./options";

/** What was promised of a figure. */
interface Target {
  readonly bound: "at least" | "at most";
  readonly limit: number;
}

/** Something that was measured once in every round. */
export interface Figure {
  /** The row it stands in, and the column when a row has several figures. */
  readonly label: string;
  readonly column?: string;
  /** Empty for a ratio or a count. */
  readonly unit: string;
  /** One a round; none when it could not be measured. NaN: unknown. */
  readonly values: readonly number[];
  readonly target?: Target;
}

/** What one measurement found. */
export interface Section {
  readonly name: MeasurementName;
  readonly title: string;
  readonly figures: readonly Figure[];
  /** What could not be measured and why, a line each. */
  readonly failures: readonly string[];
  /** How it was measured, for the page: items of a list in Markdown. */
  readonly notes: string;
}

/** Everything one run found. */
export interface Report {
  /** Day of the run, UTC, as YYYY-MM-DD. */
  readonly date: string;
  readonly machine: Machine;
  readonly settings: Settings;
  readonly sections: readonly Section[];
}

/** The value in the middle; of an even number, between the two. NaN when any is unknown, or there is none. */
export function median(values: readonly number[]): number {
  if (values.some(Number.isNaN)) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
  return (low + high) / 2;
}

/** Whether the promise is kept, which is so when the median keeps it; null without a promise or a figure. */
export function isMet({ values, target }: Figure): boolean | null {
  const value = median(values);
  if (!target || Number.isNaN(value)) return null;
  return target.bound === "at least" ? value >= target.limit : value <= target.limit;
}

/** Compares two figures round by round; none when one side has none. */
export function pairwise(
  of: readonly number[] | undefined,
  by: readonly number[] | undefined,
  compare: (of: number, by: number) => number,
): number[] {
  if (!of || of.length !== by?.length) return [];
  return of.map((value, round) => compare(value, by[round] ?? Number.NaN));
}

/** Quotients of two figures, round by round. */
export const ratios = (of?: readonly number[], by?: readonly number[]) => pairwise(of, by, (a, b) => a / b);

const groups = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** Three digits or so, thousands apart: `0.91`, `12.4`, `21,034`. */
function shown(value: number): string {
  if (Math.abs(value) >= 100 || value === 0) return groups.format(value);
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}

/** The median with its unit, and in brackets the lowest and the highest of all rounds. */
function cell({ values, unit }: Figure): string {
  const middle = median(values);
  if (Number.isNaN(middle)) return "–";
  const [low, high] = [Math.min(...values), Math.max(...values)].map(shown);
  return `${shown(middle)} ${unit}`.trim() + (values.length > 1 && low !== high ? ` (${low} – ${high})` : "");
}

/** Draws a table in Markdown. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |\n`;
  return [head, head.map(() => "---"), ...rows].map(line).join("");
}

/** The targets of all sections, with what came of each. */
export function targetTable(sections: readonly Section[]): string {
  const figures = sections.flatMap((section) => section.figures).filter(({ target }) => target !== undefined);
  const rows = figures.map((figure) => {
    const { label, unit, target } = figure;
    const met = isMet(figure);
    const outcome = met === null ? "not measured" : met ? "met" : "missed";
    return [label, cell(figure), `${target?.bound} ${target?.limit} ${unit}`.trim(), outcome];
  });
  return rows.length === 0 ? "" : table(["", "measured", "target", ""], rows);
}

/** The figures of a section, in rows and columns; those with a target stand in the table of targets. */
export function figureTable(section: Section): string {
  const figures = section.figures.filter(({ target }) => target === undefined);
  const columns = [...new Set(figures.map(({ column = "measured" }) => column))];
  const labels = [...new Set(figures.map(({ label }) => label))];
  const rows = labels.map((label) => [
    label,
    ...columns.map((column) => {
      const figure = figures.find((each) => each.label === label && (each.column ?? "measured") === column);
      return figure ? cell(figure) : "";
    }),
  ]);
  return table(["", ...columns], rows);
}

function method({ machine, settings, date }: Report): string {
  const cores = machine.pinned
    ? "The server under test has one core to itself; load, upstream, database and dashboard share the rest."
    : "Servers and load could not be pinned to cores of their own here, so compare with care.";
  return `Measured on ${date}: ${machine.cores} × ${machine.cpu}, ${machine.memoryGib} GiB of memory, ${machine.system}, Node.js
${machine.node} with undici ${machine.undici} for the gate and for every bare server beside it.

Every figure is the median of ${settings.rounds} rounds, with the lowest and the highest in brackets. In each round whatever is compared
is measured in turn, and a ratio or difference is that of one round; so a machine that speeds up or slows down does so for
all. A target is met when the median meets it. Absolute figures belong to this machine.

${cores} The load is wrk with ${settings.connections} connections; a run
lasts ${settings.run} s, after a warm-up of ${settings.warmUp} s. The upstream is nginx with an answer of ${upstreamBody.length} bytes. A run with a single wrong answer,
broken connection or time-out is a failed measurement.`;
}

/** The text of docs/contributing/benchmarks.md. */
export function documentOf(report: Report): string {
  const parts = [`# Benchmarks\n\n\`npm run bench\` writes this page. ${method(report)}\n`];
  if (report.settings.quick) parts.push("**A smoke run: the figures mean little.**\n");
  const targets = targetTable(report.sections);
  if (targets !== "") parts.push(`## Targets\n\n${targets}`);
  for (const section of report.sections) {
    const failed = section.failures.map((line) => `- Failed: ${line.replaceAll("\n", " ")}\n`).join("");
    parts.push(`## ${section.title}\n\n${figureTable(section)}\n${failed}${section.notes}`);
  }
  return parts.join("\n");
}
