import type { Bench, Subject } from "../bench";
import { callBytes } from "../call";
import { percentile, sendAtConstantRate } from "../load/open-loop";
import { wrkOne } from "../load/wrk";
import { BenchError } from "../options";
import { peerNamed, startPeer } from "../peers";
import { type Figure, pairwise, type Section } from "../report";

const connections = 64;
const shares = { p50: 0.5, p99: 0.99, "p99.9": 0.999, worst: 1 } as const;

/** Times requests that come at half the gate's peak rate whatever happens, at the gate and at a bare undici proxy. */
export async function measureSteady(bench: Bench): Promise<Section> {
  const { settings } = bench;
  const gate = await startPeer(bench, peerNamed("gate-accepting"));
  const bare = await startPeer(bench, peerNamed("undici"));
  await wrkOne(bench, bare, settings.warmUp);
  await wrkOne(bench, gate, settings.warmUp);
  const peak = (await wrkOne(bench, gate, settings.run)).perSecond;
  const seconds = settings.quick ? 1 : 4;
  const ask = async ({ port }: Subject) => {
    const load = {
      ports: [port],
      request: () => callBytes(bench.call),
      perSecond: peak / 2,
      warmUp: 1,
      seconds,
      connections,
    };
    return sendAtConstantRate(load);
  };
  const rounds: { gate: readonly number[]; bare: readonly number[]; lateness: readonly number[] }[] = [];
  for (let round = 1; round <= settings.rounds; round++) {
    bench.progress(`round ${round} of ${settings.rounds}`);
    // The bare proxy loses a request now and then with a connection that ends just when it is used again.
    const beside = await ask(bare);
    const { times, wrong, lateness } = await ask(gate);
    if (wrong > 0) throw new BenchError(`${wrong} answers were wrong or missing`);
    rounds.push({ gate: times, bare: beside.times, lateness });
  }
  const rate = `at ${Math.round(peak / 2).toLocaleString("en")} requests/s`;
  const figuresOf = (who: "gate" | "bare", label: string) =>
    Object.entries(shares).map(([column, share]): Figure => {
      return { label, column, unit: "ms", values: rounds.map((round) => percentile(round[who], share)) };
    });
  const p99 = (who: "gate" | "bare" | "lateness") => rounds.map((round) => percentile(round[who], 0.99));
  return {
    name: "steady",
    title: "Latency at half the gate's peak rate",
    figures: [
      ...figuresOf("gate", `Gate ${rate}`),
      ...figuresOf("bare", `Bare undici proxy ${rate}`),
      {
        label: "Lateness of the generator itself, not counted above",
        column: "p99",
        unit: "ms",
        values: p99("lateness"),
      },
      {
        label: "p99 of the gate at half its peak rate − p99 of a bare undici proxy at the same rate",
        column: "p99",
        unit: "ms",
        values: pairwise(p99("gate"), p99("bare"), (a, b) => a - b),
        target: { bound: "at most", limit: 1 },
      },
    ],
    failures: [],
    notes: `- Requests are sent whether or not answers come. A request's time runs from the moment the generator sends it, also while it
  waits for a connection. The generator shares a core with the upstream, and its own lateness is listed apart.
`,
  };
}
