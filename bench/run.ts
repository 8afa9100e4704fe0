import type { Bench } from "./bench";
import { reasonOf } from "./bench-error";
import { describeMachine } from "./machine/describe";
import { measureFlood } from "./measurements/flood";
import { measureGrowth } from "./measurements/growth";
import { measurePeers } from "./measurements/peers";
import { measurePropagation } from "./measurements/propagation";
import { measureReplacement } from "./measurements/replacement";
import { measureSteady } from "./measurements/steady";
import type { MeasurementName, Options } from "./options";
import { choosePeers } from "./peers/all";
import type { Outcome, Report } from "./report/report";

/** Makes one measurement; a failure of one is part of the report and does not end the others. */
async function outcome<T>(bench: Bench, name: string, work: () => Promise<T>): Promise<Outcome<T>> {
  bench.tell(`measuring ${name}`);
  try {
    return { value: await work(), failure: null };
  } catch (error) {
    bench.tell(`  failed: ${reasonOf(error)}`);
    return { value: null, failure: reasonOf(error) };
  } finally {
    await bench.children.stopBut("upstream");
  }
}

/**
 * Makes the chosen measurements, one after the other.
 *
 * @throws BenchError for a peer that there is not
 */
export async function run(bench: Bench, options: Options): Promise<Report> {
  const peers = choosePeers(options.only);
  const wants = (name: MeasurementName) => options.measurements.includes(name);
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: describeMachine(bench.cores),
    settings: bench.settings,
    peers: wants("peers") ? await measurePeers(bench, peers) : null,
    steady: wants("steady")
      ? await outcome(bench, "latency at half the peak rate", () => measureSteady(bench))
      : null,
    growth: wants("growth") ? await outcome(bench, "growth", () => measureGrowth(bench)) : null,
    propagation: wants("propagation")
      ? await outcome(bench, "propagation of changes", () => measurePropagation(bench))
      : null,
    replacement: wants("replacement")
      ? await outcome(bench, "replaced tokens", () => measureReplacement(bench))
      : null,
    flood: wants("flood") ? await outcome(bench, "a flood of callers", () => measureFlood(bench)) : null,
  };
}
