import type { Client } from "pg";
import type { Bench } from "../bench";
import { BenchError } from "../bench-error";
import { callBytes, newCall, newClientToken } from "../call";
import { prepareReplacement } from "../database/replacement";
import { type SeededAccount, seedAccount, seedCall } from "../database/seed";
import { type Latencies, summarise } from "../load/percentile";
import { type LoadedGates, onFourGates } from "./four-gates";
import { Probe } from "./probe";

/** How soon a replaced token is of no use. */
export interface ReplacementResult extends LoadedGates {
  readonly replacements: number;
  /**
   * From sending COMMIT until the last of the gates had answered with the first of its rejections that no
   * acceptance followed; milliseconds.
   */
  readonly rejected: Latencies;
}

/** So many rejections in a row, on every gate, count as the end of acceptances. */
const rejections = 25;

/** Presents the old token to one gate again and again; returns when it was first rejected for good. */
async function rejectedForGood(probe: Probe): Promise<number> {
  const limit = performance.now() + 5000;
  let first = 0;
  for (let inARow = 0; inARow < rejections; ) {
    const status = await probe.askAgain();
    if (status !== 200 && status !== 403) throw new BenchError(`a gate answered ${status} to the old token`);
    if (status === 403 && inARow === 0) first = performance.now();
    inARow = status === 403 ? inARow + 1 : 0;
    if (status === 200 && performance.now() > limit)
      throw new BenchError("a gate accepted the old token for 5 s after its end");
  }
  return first;
}

/** Replaces the token once, watching every gate with the old one from before the commit on. */
async function replaceAndWatch(
  client: Client,
  { accountId, clientToken }: SeededAccount,
  probes: readonly Probe[],
): Promise<{ tookMs: number; next: string }> {
  const accepted = await Promise.all(probes.map((probe) => probe.ask()));
  if (accepted.some((status) => status !== 200))
    throw new BenchError(`a gate did not know ${clientToken.slice(-4)} before it was replaced`);
  const next = newClientToken();
  const commit = await prepareReplacement(client, accountId, next);
  const start = performance.now();
  const [times] = await Promise.all([Promise.all(probes.map((probe) => rejectedForGood(probe))), commit()]);
  return { tookMs: Math.max(...times) - start, next };
}

async function timeReplacements(bench: Bench, client: Client, ports: readonly number[]) {
  const account = await seedAccount(client);
  const call = newCall(account.clientToken);
  await seedCall(client, account, call, `http://127.0.0.1:${bench.upstreamPort}`);
  const times: number[] = [];
  let clientToken = account.clientToken;
  for (let n = 0; n < bench.settings.replacements; n++) {
    const request = callBytes({ ...call, clientToken });
    const probes = await Promise.all(ports.map((port) => Probe.open(port, request)));
    const { tookMs, next } = await replaceAndWatch(client, { ...account, clientToken }, probes);
    for (const probe of probes) probe.close();
    times.push(tookMs);
    clientToken = next;
  }
  return { replacements: times.length, rejected: summarise(times) };
}

/** Replaces a token again and again, and times for how long four gates under load go on accepting the old one. */
export function measureReplacement(bench: Bench): Promise<ReplacementResult> {
  return onFourGates(bench, (client, ports) => timeReplacements(bench, client, ports));
}
