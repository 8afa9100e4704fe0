import type { Client } from "pg";
import type { Bench } from "../bench";
import { callBytes, newCall, newClientToken } from "../call";
import { prepareChange, type SeededAccount, seedAccount, seedCall, seedToken } from "../database";
import { type Latencies, latenciesOf } from "../load/latencies";
import { BenchError } from "../options";
import { type LoadedGates, onFourGates, Probe } from "./four-gates";

/** How soon a replaced token is of no use. */
export interface ReplacementResult extends LoadedGates {
  readonly replacements: number;
  /** From sending COMMIT until the last acceptance by any gate had been answered; milliseconds. */
  readonly accepted: Latencies;
  /**
   * From sending COMMIT until the last of the gates had answered with the first of its rejections that no
   * acceptance followed; milliseconds.
   */
  readonly rejected: Latencies;
}

/** The two sides of a token's end, on the clock of `performance.now()`. */
interface End {
  readonly lastAccepted: number;
  readonly firstRejected: number;
}

/** Connections that ask each gate, each with its own pauses, so that fewer moments go unseen. */
const probesEach = 2;

/** So many rejections in a row, on every connection, count as the end of acceptances. */
const rejections = 25;

/** Presents the old token to one gate again and again, until it is rejected for good. */
async function watchEnd(probe: Probe): Promise<End> {
  const limit = performance.now() + 5000;
  let [lastAccepted, firstRejected] = [performance.now(), 0];
  for (let inARow = 0; inARow < rejections; ) {
    const status = await probe.askAgain();
    if (status !== 200 && status !== 403) throw new BenchError(`a gate answered ${status} to the old token`);
    const now = performance.now();
    if (status === 200) lastAccepted = now;
    else if (inARow === 0) firstRejected = now;
    inARow = status === 403 ? inARow + 1 : 0;
    if (status === 200 && now > limit)
      throw new BenchError("a gate accepted the old token for 5 s after its end");
  }
  return { lastAccepted, firstRejected };
}

/** Replaces the token once, watching every gate with the old one from before the commit on. */
async function replaceAndWatch(
  client: Client,
  { accountId, clientToken }: SeededAccount,
  probes: readonly Probe[],
): Promise<{ acceptedMs: number; rejectedMs: number; next: string }> {
  const accepted = await Promise.all(probes.map((probe) => probe.ask()));
  if (accepted.some((status) => status !== 200))
    throw new BenchError(`a gate did not know ${clientToken.slice(-4)} before it was replaced`);
  const next = newClientToken();
  const commit = await prepareReplacement(client, accountId, next);
  const start = performance.now();
  const [ends] = await Promise.all([Promise.all(probes.map((probe) => watchEnd(probe))), commit()]);
  return {
    acceptedMs: Math.max(...ends.map(({ lastAccepted }) => lastAccepted)) - start,
    rejectedMs: Math.max(...ends.map(({ firstRejected }) => firstRejected)) - start,
    next,
  };
}

async function timeReplacements(bench: Bench, client: Client, ports: readonly number[]) {
  const account = await seedAccount(client);
  const call = newCall(account.clientToken);
  await seedCall(client, account, call, `http://127.0.0.1:${bench.upstreamPort}`);
  const accepted: number[] = [];
  const rejected: number[] = [];
  let clientToken = account.clientToken;
  for (let n = 0; n < bench.settings.replacements; n++) {
    const request = callBytes({ ...call, clientToken });
    const everywhere = ports.flatMap((port) => new Array<number>(probesEach).fill(port));
    const probes = await Promise.all(everywhere.map((port) => Probe.open(port, request)));
    const { acceptedMs, rejectedMs, next } = await replaceAndWatch(
      client,
      { ...account, clientToken },
      probes,
    );
    for (const probe of probes) probe.close();
    accepted.push(acceptedMs);
    rejected.push(rejectedMs);
    clientToken = next;
  }
  return {
    replacements: accepted.length,
    accepted: latenciesOf(accepted),
    rejected: latenciesOf(rejected),
  };
}

/** Replaces a token again and again, and times for how long four gates under load go on accepting the old one. */
export function measureReplacement(bench: Bench): Promise<ReplacementResult> {
  return onFourGates(bench, (client, ports) => timeReplacements(bench, client, ports));
}

/**
 * Replaces an account's token without an overlap: every live one ends, and another begins.
 *
 * @returns what sends COMMIT
 */
function prepareReplacement(client: Client, accountId: string, clientToken: string) {
  return prepareChange(client, accountId, async () => {
    await client.query(
      `update "ClientToken" set "state" = 'retired', "retireAt" = now()
        where "accountId" = $1 and "state" <> 'retired'`,
      [accountId],
    );
    await seedToken(client, accountId, clientToken);
  });
}
