import { drawText } from "./draw";
import type { Report } from "./report";
import { furtherTable, peerTable, verdictTable } from "./tables";
import { verdictsOn } from "./verdict";

const writeReport = process.stdout.write.bind(process.stdout);

/**
 * Sends whatever else is printed, by the embedded database for example, to standard error, so that
 * standard output holds the report and nothing more.
 */
export function reserveStandardOutput(): void {
  process.stdout.write = process.stderr.write.bind(process.stderr);
}

/** Prints one line of progress on standard error. */
export function tell(line: string): void {
  process.stderr.write(`bench: ${line}\n`);
}

/** Prints a report for people. */
export function printReport(report: Report): void {
  const { machine } = report;
  const place = `${machine.cores} × ${machine.cpu}, ${machine.memoryGib} GiB, Node.js ${machine.node}`;
  const verdicts = verdictsOn(report);
  const parts = [`${report.date}, ${place}${machine.pinned ? "" : ", cores shared"}\n`];
  if (report.peers !== null) parts.push(drawText(peerTable(report)));
  const further = furtherTable(report);
  if (further.rows.length > 0) parts.push(drawText(further));
  if (verdicts.length > 0) parts.push(drawText(verdictTable(verdicts)));
  if (report.settings.quick) parts.push("A smoke run: the figures mean little.\n");
  writeReport(parts.join("\n"));
}

/** Prints a report for machines: the report itself and its verdicts, as one JSON object. */
export function printJson(report: Report): void {
  writeReport(`${JSON.stringify({ ...report, verdicts: verdictsOn(report) }, null, 2)}\n`);
}

/** Prints why nothing could be measured. */
export function printFailure(message: string): void {
  process.stderr.write(`bench: ${message}\n`);
}
