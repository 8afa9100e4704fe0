import { join } from "node:path";
import { type Bench, largeDatabase } from "../bench";
import { callBytes, writeCalls } from "../call";
import { type WrkRun, wrkMany } from "../load/wrk";
import { peerNamed, startPeer } from "../peers";
import { ratios, type Section } from "../report";
import { sendEach, startGate } from "./gates";

/** Compares a gate on a database with one instance to one on a database with very many, measuring both in turn. */
export async function measureGrowth(bench: Bench): Promise<Section> {
  const { rounds, run, warmUp, hotInstances, instances } = bench.settings;
  const { url, calls, file } = await largeDatabase(bench);
  const one = await startPeer(bench, peerNamed("gate-accepting"));
  const many = await startGate(bench, { url, call: calls[0] ?? bench.call });
  // A list as long for both, so that the generator, which shares the machine, does the same work.
  const same = join(bench.folder, "same.calls");
  writeCalls(
    same,
    calls.map(() => bench.call),
  );
  const share = Math.ceil(calls.length / rounds);
  const cold: { perSecond: number; p99: number }[] = [];
  for (let from = 0; from < calls.length; from += share) {
    bench.progress(`calling ${share.toLocaleString("en")} instances for the first time`);
    cold.push(await sendEach(many.port, calls.slice(from, from + share).map(callBytes)));
  }
  await wrkMany(bench, one.port, warmUp, ["cycle", same]);
  await wrkMany(bench, many.port, warmUp, ["cycle", file]);
  const runs: { one: WrkRun; many: WrkRun }[] = [];
  for (let round = 1; round <= rounds; round++) {
    bench.progress(`round ${round} of ${rounds}`);
    const alone = await wrkMany(bench, one.port, run, ["cycle", same]);
    runs.push({ one: alone, many: await wrkMany(bench, many.port, run, ["cycle", file]) });
  }
  const [speedOfOne, speedOfMany] = [
    runs.map((each) => each.one.perSecond),
    runs.map((each) => each.many.perSecond),
  ];
  const [all, hot] = [instances.toLocaleString("en"), hotInstances.toLocaleString("en")];
  return {
    name: "growth",
    title: "Growth",
    figures: [
      { label: "With 1 instance", unit: "requests/s", values: speedOfOne },
      {
        label: `With ${all} instances, ${hot} of them called in turn`,
        unit: "requests/s",
        values: speedOfMany,
      },
      {
        label: `throughput with ${all} instances ÷ with 1`,
        unit: "",
        values: ratios(speedOfMany, speedOfOne),
        target: { bound: "at least", limit: 0.9 },
      },
      { label: "Cold look-ups", unit: "a second", values: cold.map(({ perSecond }) => perSecond) },
      { label: "Cold look-ups, p99", unit: "ms", values: cold.map(({ p99 }) => p99) },
    ],
    failures: [],
    notes: `- Cold look-ups are first requests, each for another instance, over 32 connections, through to the upstream.
- wrk reads its requests from a list of the same length in both cases.
`,
  };
}
