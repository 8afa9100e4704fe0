import type { Bench, Subject } from "../bench";
import { type WrkRun, wrkOne } from "../load/wrk";
import { failureReason } from "../options";
import { type Peer, startPeer } from "../peers";
import { processorMs } from "../processes";
import { type Figure, ratios, type Section } from "../report";

/** What the gate must be in comparison, in the median. */
const targets = [
  { label: "gate accepting ÷ bare undici proxy", of: "gate-accepting", by: "undici", limit: 0.85 },
  { label: "gate rejecting ÷ bare node:http", of: "gate-rejecting", by: "node-http", limit: 0.7 },
  { label: "gate accepting ÷ Caddy", of: "gate-accepting", by: "caddy", limit: 1.2 },
  { label: "gate accepting ÷ @fastify/http-proxy", of: "gate-accepting", by: "fastify", limit: 1.8 },
  {
    label: "gate accepting ÷ express + http-proxy-middleware",
    of: "gate-accepting",
    by: "express",
    limit: 5,
  },
  { label: "gate accepting ÷ route handler", of: "gate-accepting", by: "route-handler", limit: 12 },
  { label: "gate ÷ the other checkout's gate, accepting", of: "gate-accepting", by: "against-accepting" },
  { label: "gate ÷ the other checkout's gate, rejecting", of: "gate-rejecting", by: "against-rejecting" },
];

const column = "gate in comparison";

interface Entry {
  readonly peer: Peer;
  readonly runs: (WrkRun & { readonly micros: number })[];
  subject: Subject | null;
  failure: string | null;
}

async function attempt(entry: Entry, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    entry.failure = failureReason(error);
  }
}

async function measure(bench: Bench, { runs, subject }: Entry): Promise<void> {
  if (!subject) return;
  const before = processorMs(subject.child.pid);
  const run = await wrkOne(bench, subject, bench.settings.run);
  const micros = ((processorMs(subject.child.pid) - before) * 1000) / run.requests;
  runs.push({ ...run, micros });
}

function figuresOf(entry: Entry): Figure[] {
  const label = `${entry.peer.label} (${entry.peer.version()})`;
  const columns = [
    ["requests/s", "", "perSecond"],
    ["p50", "ms", "p50"],
    ["p99", "ms", "p99"],
    ["processor time a request", "µs", "micros"],
  ] as const;
  return columns.map(([column, unit, key]) => ({ label, column, unit, values: valuesOf(entry, key) }));
}

const valuesOf = ({ runs, failure }: Entry, key: keyof Entry["runs"][number]) =>
  failure === null ? runs.map((run) => run[key]) : [];

function comparisons(entries: readonly Entry[]): Figure[] {
  const speeds = new Map(entries.map((entry) => [entry.peer.name, valuesOf(entry, "perSecond")]));
  return targets
    .filter(({ of, by }) => speeds.has(of) && speeds.has(by))
    .map(({ label, of, by, limit }) => ({
      label,
      column,
      unit: "",
      values: ratios(speeds.get(of), speeds.get(by)),
      ...(limit !== undefined && { target: { bound: "at least", limit } }),
    }));
}

/** Measures peers beside each other. All are started and warmed up first; then every round measures each once. */
export async function measurePeers(bench: Bench, peers: readonly Peer[]): Promise<Section> {
  const entries = peers.map((peer): Entry => ({ peer, runs: [], subject: null, failure: null }));
  for (const entry of entries) {
    bench.progress(`starting and warming up: ${entry.peer.label}`);
    await attempt(entry, async () => {
      entry.subject = await startPeer(bench, entry.peer);
      await wrkOne(bench, entry.subject, bench.settings.warmUp);
    });
  }
  for (let round = 1; round <= bench.settings.rounds; round++) {
    bench.progress(`round ${round} of ${bench.settings.rounds}`);
    for (const entry of entries)
      if (entry.failure === null) await attempt(entry, () => measure(bench, entry));
  }
  const figures = entries.map(figuresOf);
  return {
    name: "peers",
    title: `Side by side (one core, ${bench.settings.connections} connections)`,
    figures: [...figures.flat(), ...comparisons(entries)],
    failures: entries.flatMap(({ peer, failure }) => (failure === null ? [] : [`${peer.label}: ${failure}`])),
    notes: `- All access logs are off. *Each logged* is the gate with its default log level, which writes a line for each rejection.
- A rejected token is well formed but unknown, so it costs a digest and the comparisons, as a good one does.
- For *passing on to the dashboard*, nginx stands in for the dashboard.
- nginx, HAProxy and Caddy compare one fixed token, the simplest configuration that enforces anything; the gate
  finds the instance, its account and its tokens, and compares digests.
- Proxies on Node.js keep connections to the upstream alive, and so does everything else.
`,
  };
}
