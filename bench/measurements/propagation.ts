import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import type { Bench } from "../bench";
import { callBytes, newCall, newClientToken } from "../call";
import { prepareChange, seedAccount, seedCall } from "../database";
import { type Latencies, latenciesOf } from "../load/latencies";
import { BenchError } from "../options";
import { type LoadedGates, onFourGates, Probe } from "./four-gates";

/** How soon a change is on every gate. */
export interface PropagationResult extends SwitchTimes, LoadedGates {
  readonly changes: number;
}

/** Times changes from their commit to the last of four gates under load. */
export async function measurePropagation(bench: Bench): Promise<PropagationResult> {
  const times = await onFourGates(bench, (client, ports) => timeSwitches(bench, client, ports));
  return { ...times, changes: bench.settings.changes };
}

/** How soon switches are everywhere. Milliseconds from sending COMMIT to the last gate's answer. */
interface SwitchTimes {
  /** From switching on until the last gate has rejected. */
  readonly rejecting: Latencies;
  /** From switching off until the last gate has let through again. */
  readonly accepting: Latencies;
}

/** Between a change and the next: the questions of the one must not be in the other's way. */
const restMs = 20;

/** One account whose enforcement is switched, and a request that it rejects while that is on. */
async function seedWatched(bench: Bench, client: Client): Promise<{ accountId: string; request: string }> {
  const account = await seedAccount(client);
  const call = newCall(account.clientToken);
  await seedCall(client, account, call, `http://127.0.0.1:${bench.upstreamPort}`);
  return { accountId: account.accountId, request: callBytes({ ...call, clientToken: newClientToken() }) };
}

async function switchAndWatch(
  client: Client,
  accountId: string,
  probes: readonly Probe[],
  enforcement: "on" | "off",
): Promise<number> {
  const status = enforcement === "on" ? 403 : 200;
  const commit = await prepareSwitch(client, accountId, enforcement);
  const start = performance.now();
  const [times] = await Promise.all([Promise.all(probes.map((probe) => probe.until(status))), commit()]);
  const after = await Promise.all(probes.map((probe) => probe.ask()));
  if (after.some((seen) => seen !== status))
    throw new BenchError("a gate fell back to the state before a change");
  return Math.max(...times) - start;
}

/**
 * Switches enforcement of one account on and off, and watches the gates every 2 ms.
 *
 * @throws BenchError when a gate does not follow within 5 s, or falls back
 */
async function timeSwitches(bench: Bench, client: Client, ports: readonly number[]): Promise<SwitchTimes> {
  const { accountId, request } = await seedWatched(bench, client);
  const probes = await Promise.all(ports.map((port) => Probe.open(port, request)));
  const rejecting: number[] = [];
  const accepting: number[] = [];
  try {
    await Promise.all(probes.map((probe) => probe.until(403)));
    for (let n = 0; n < bench.settings.changes; n++) {
      await sleep(restMs);
      accepting.push(await switchAndWatch(client, accountId, probes, "off"));
      await sleep(restMs);
      rejecting.push(await switchAndWatch(client, accountId, probes, "on"));
    }
  } finally {
    for (const probe of probes) probe.close();
  }
  return { rejecting: latenciesOf(rejecting), accepting: latenciesOf(accepting) };
}

/**
 * Switches an account's enforcement.
 *
 * @returns what sends COMMIT
 */
function prepareSwitch(client: Client, accountId: string, enforcement: "on" | "off") {
  return prepareChange(client, accountId, () =>
    client.query(`update "Account" set "enforcement" = $2::"Enforcement" where "id" = $1`, [
      accountId,
      enforcement,
    ]),
  );
}
