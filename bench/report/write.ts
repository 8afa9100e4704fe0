import { upstreamBody } from "../call";
import { type Report, verdictsOn } from "./report";
import { furtherTable, peerTable, type Table, verdictTable, whole } from "./tables";

const isNumber = /^(–|[\d,.]+( ms| MB)?)$/;

/** Draws a table for a terminal: columns aligned, those that hold numbers alone to the right. */
export function drawText({ head, rows }: Table): string {
  const columns = head.map((title, column) => {
    const cells = rows.map((row) => row[column] ?? "");
    return {
      width: Math.max(title.length, ...cells.map((cell) => cell.length)),
      numeric: cells.every((cell) => cell === "" || isNumber.test(cell)),
    };
  });
  const line = (row: readonly string[]) =>
    columns
      .map(({ width, numeric }, column) => {
        const cell = row[column] ?? "";
        return numeric ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  return `${[head, ...rows].map(line).join("\n")}\n`;
}

/** Draws a table in Markdown. */
export function drawMarkdown({ head, rows }: Table): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].map((text) => `${text}\n`).join("");
}

function machineLine({ machine, date }: Report): string {
  const { cpu, cores, memoryGib, system, node } = machine;
  return `Measurement on ${date}: ${cores} × ${cpu}, ${memoryGib} GiB of memory, ${system}, Node.js ${node}.`;
}

function method({ settings, machine }: Report): string {
  const { connections, warmUpSeconds, runSeconds, rounds } = settings;
  const cores = machine.pinned
    ? "The server under test has one core to itself; load, upstream and database share the rest."
    : "Servers and load could not be pinned to cores of their own here, so compare with care.";
  return `${cores} The load is wrk
with ${connections} connections that send the same bytes to every peer: an instance URL and a \`Client-Token\`. The upstream is nginx
with an answer of ${upstreamBody.length} bytes. Every peer is warmed up for ${warmUpSeconds} s; then ${rounds} rounds measure each in turn for ${runSeconds} s, and
the median counts. A run with a single wrong answer, broken connection or time-out is a failed measurement.
Absolute figures belong to this machine; the ratios carry over.`;
}

const peerNotes = `- All access logs are off. *Each logged* is the gate with its default log level, which writes a line for each rejection.
- A rejected token is well formed but unknown, so it costs a digest and the comparisons, as a good one does.
- For *passing on to the dashboard*, nginx stands in for the dashboard.
- nginx, HAProxy and Caddy compare one fixed token, the simplest configuration that enforces anything; the gate
  finds the instance, its account and its tokens, and compares digests.
- Proxies on Node.js keep connections to the upstream alive, and so does everything else.
`;

const furtherNotes = `- Half the peak rate is sent whether or not answers come. A request's time runs from the moment the generator sends it, also
  while it waits for a connection. The generator shares a core with the upstream, and its own lateness is listed apart.
- A change is one transaction as the dashboard makes it. Its clock starts right before COMMIT is sent. It stops when the last
  of four gates has answered by the new rule; each is asked again 2 ms after its answer. The four gates share one core, and
  one request among few costs several times what one of a peak does. So the load is a twentieth of one gate's peak, and
  20 ms pass between two changes; the share of the core in use is listed. (Before 25 November 2026 gates were asked without a
  pause, or the load was five times as much: the core was full, and the queue was measured.)
- A replaced token is sent to every gate on two connections, beginning before the commit, 2 ms after each answer, until
  each has rejected it 25 times in a row. The last of all acceptances counts, timed when its answer arrived. Beside it
  stands when the last gate first rejected the token. A gate that has heard of a change accepts nobody of the account before
  it has read it, so the two can differ.
- The flood is one request from each of so many addresses under 20,000 names of programs, as a trusted proxy passes
  them on, before the token is enforced. Meanwhile the preflight is read once a second as its page does. Writes are
  timed by looking into the database every 10 ms.
- Cold look-ups are first requests, each for another instance, over 32 connections, through to the upstream.
- Memory is resident memory of all processes of one gate, in 10^6 bytes.
`;

/** The text of docs/benchmarks.md. */
export function documentOf(report: Report): string {
  const parts = [
    `# Benchmarks\n\n\`npm run bench\` writes this page. ${machineLine(report)}\n`,
    `${method(report)}\n`,
  ];
  const verdicts = verdictsOn(report);
  if (verdicts.length > 0) parts.push(`## Targets\n\n${drawMarkdown(verdictTable(verdicts))}`);
  if (report.peers !== null) {
    const title = `## Side by side (one core, ${whole(report.settings.connections)} connections)`;
    parts.push(`${title}\n\n${drawMarkdown(peerTable(report))}\n${peerNotes}`);
  }
  const further = furtherTable(report);
  if (further.rows.length > 0) {
    parts.push(`## Growth, latency, propagation, floods\n\n${drawMarkdown(further)}\n${furtherNotes}`);
  }
  return parts.join("\n");
}

const writeReport = process.stdout.write.bind(process.stdout);

/**
 * Sends whatever else is printed, by the embedded database for example, to standard error, so that
 * standard output holds the report and nothing more.
 */
export function reserveStandardOutput(): void {
  process.stdout.write = process.stderr.write.bind(process.stderr);
}

/** Prints one line of progress on standard error. */
export function printProgress(line: string): void {
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
export function printError(message: string): void {
  process.stderr.write(`bench: ${message}\n`);
}
