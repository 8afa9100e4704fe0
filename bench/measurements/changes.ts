import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { type Bench, smallDatabase, upstreamUrl } from "../bench";
import { callBytes, newCall, newClientToken } from "../call";
import {
  prepareChange,
  type SeededAccount,
  seedAccount,
  seedCall,
  seedToken,
  withDatabase,
} from "../database";
import { LoadConnection, percentile, sendAtConstantRate } from "../load/open-loop";
import { wrkOne } from "../load/wrk";
import { BenchError } from "../options";
import { processorMs } from "../processes";
import type { Figure, Section } from "../report";
import { type MeasuredGate, refuseWrong, startGate } from "./gates";

const gateCount = 4;

/**
 * Of one gate's peak. The gates share a core, where one request among few costs several times what one of a peak
 * does; with more, what is measured is the queue in front of a full core.
 */
const loadShare = 0.05;
const limitSeconds = 240;
const limitMs = 5000;

/** Between two questions. Without a pause the questions themselves keep the gates' core busy altogether. */
const pauseMs = 2;

/** Asks one gate the same thing again and again on one connection. */
class Probe {
  private constructor(
    private readonly connection: LoadConnection,
    private readonly request: string,
  ) {}

  static async open(port: number, request: string): Promise<Probe> {
    return new Probe(await LoadConnection.open(port), request);
  }

  /** Status of one answer; 0 when the connection broke. */
  ask(): Promise<number> {
    return this.connection.ask(this.request);
  }

  /** The same after a pause of 2 ms, which is how exact times are: they are too long, never too short. */
  async askAgain(): Promise<number> {
    await sleep(pauseMs);
    return this.ask();
  }

  /**
   * Asks until the answer has this status.
   *
   * @returns when that answer had come, on the clock of `performance.now()`
   * @throws BenchError when it did not come within 5 s
   */
  async until(status: number): Promise<number> {
    const end = performance.now() + limitMs;
    for (let seen = await this.ask(); seen !== status; seen = await this.askAgain()) {
      if (performance.now() > end)
        throw new BenchError(`a gate did not answer ${status} within 5 s of a change`);
    }
    return performance.now();
  }

  close(): void {
    this.connection.close();
  }
}

const processorMsOf = (gates: readonly MeasuredGate[]) =>
  gates.reduce((sum, { child }) => sum + processorMs(child.pid), 0);

/** Runs four gates under load on one core, and every round of something that is measured on them. */
async function onFourGates<T>(bench: Bench, round: (client: Client, ports: readonly number[]) => Promise<T>) {
  const { url } = await smallDatabase(bench);
  const gates: MeasuredGate[] = [];
  for (let n = 0; n < gateCount; n++) {
    gates.push(await startGate(bench, { url, call: bench.call }));
    for (const gate of gates.slice(-1)) await wrkOne(bench, gate, bench.settings.warmUp);
  }
  const ports = gates.map(({ port }) => port);
  const [first] = gates;
  const peak = first ? (await wrkOne(bench, first, bench.settings.run)).perSecond : 0;
  const over = new AbortController();
  const request = () => callBytes(bench.call);
  const rate = { perSecond: loadShare * peak, warmUp: 0, seconds: limitSeconds, connections: 16 };
  const loading = sendAtConstantRate({ ...rate, ports, request, enough: over.signal });
  const [rounds, busy]: [T[], number[]] = [[], []];
  try {
    await withDatabase(url, async (client) => {
      for (let n = 1; n <= bench.settings.rounds; n++) {
        bench.progress(`round ${n} of ${bench.settings.rounds}`);
        const [since, before] = [performance.now(), processorMsOf(gates)];
        rounds.push(await round(client, ports));
        busy.push(((processorMsOf(gates) - before) / (performance.now() - since)) * 100);
      }
    });
  } finally {
    over.abort();
  }
  const { wrong, perSecond } = await loading;
  refuseWrong(wrong);
  const around: Figure[] = [
    { label: "Load meanwhile, of all four", column: "p50", unit: "requests/s", values: [perSecond] },
    { label: "Their core in use", column: "p50", unit: "%", values: busy },
  ];
  return { rounds, around };
}

/** p50, p99 and worst of each round's times, in milliseconds. */
function timesOf(label: string, rounds: readonly (readonly number[])[]): Figure[] {
  return Object.entries({ p50: 0.5, p99: 0.99, worst: 1 }).map(([column, share]) => {
    return { label, column, unit: "ms", values: rounds.map((times) => percentile(times, share)) };
  });
}

async function switchAndWatch(
  client: Client,
  accountId: string,
  probes: readonly Probe[],
  enforcement: "on" | "off",
): Promise<number> {
  const status = enforcement === "on" ? 403 : 200;
  const commit = await prepareChange(client, accountId, () =>
    client.query(`update "Account" set "enforcement" = $2::"Enforcement" where "id" = $1`, [
      accountId,
      enforcement,
    ]),
  );
  const start = performance.now();
  const [times] = await Promise.all([Promise.all(probes.map((probe) => probe.until(status))), commit()]);
  const after = await Promise.all(probes.map((probe) => probe.ask()));
  if (after.some((seen) => seen !== status))
    throw new BenchError("a gate fell back to the state before a change");
  return Math.max(...times) - start;
}

/** Between a change and the next: the questions of the one must not be in the other's way. */
const restMs = 20;

/** Switches enforcement of one account on and off, and times each change from its commit to the last of four gates. */
export async function measurePropagation(bench: Bench): Promise<Section> {
  const { rounds, around } = await onFourGates(bench, async (client, ports) => {
    const account = await seedAccount(client);
    const call = newCall(account.clientToken);
    await seedCall(client, account, call, upstreamUrl(bench));
    const request = callBytes({ ...call, clientToken: newClientToken() });
    const probes = await Promise.all(ports.map((port) => Probe.open(port, request)));
    const [rejecting, accepting]: [number[], number[]] = [[], []];
    try {
      await Promise.all(probes.map((probe) => probe.until(403)));
      for (let n = 0; n < bench.settings.changes; n++) {
        await sleep(restMs);
        accepting.push(await switchAndWatch(client, account.accountId, probes, "off"));
        await sleep(restMs);
        rejecting.push(await switchAndWatch(client, account.accountId, probes, "on"));
      }
    } finally {
      for (const probe of probes) probe.close();
    }
    return { rejecting, accepting };
  });
  const rejecting = timesOf(
    "Commit → last of four gates rejects",
    rounds.map((round) => round.rejecting),
  );
  const p99 = rejecting.find(({ column }) => column === "p99")?.values ?? [];
  return {
    name: "propagation",
    title: "Propagation of changes",
    figures: [
      ...rejecting,
      ...timesOf(
        "Commit → last of four gates lets through again",
        rounds.map((round) => round.accepting),
      ),
      ...around,
      {
        label: "commit → last of four gates enforces, p99",
        column: "p99",
        unit: "ms",
        values: p99,
        target: { bound: "at most", limit: 50 },
      },
    ],
    failures: [],
    notes: `- ${bench.settings.changes} times in a round enforcement is switched on and off, 20 ms apart. A change is one transaction as the dashboard makes it.
  Its clock starts right before COMMIT is sent. It stops when the last of four gates has answered by the new rule; each is
  asked again 2 ms after its answer. The four gates share one core, and one request among few costs several times what one of
  a peak does. So the load is a twentieth of one gate's peak; the share of the core in use is listed.
`,
  };
}

/** Connections that ask each gate, each with its own pauses, so that fewer moments go unseen. */
const probesEach = 2;

/** So many rejections in a row, on every connection, count as the end of acceptances. */
const rejections = 25;

/** Presents the old token to one gate until it is rejected for good. Both times are on `performance.now()`. */
async function watchEnd(probe: Probe): Promise<{ lastAccepted: number; firstRejected: number }> {
  const limit = performance.now() + limitMs;
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

/** Replaces the token once without an overlap, watching every gate with the old one from before the commit on. */
async function replaceAndWatch(
  client: Client,
  { accountId }: SeededAccount,
  next: string,
  probes: readonly Probe[],
) {
  const known = await Promise.all(probes.map((probe) => probe.ask()));
  if (known.some((status) => status !== 200))
    throw new BenchError("a gate did not know a token before its end");
  const commit = await prepareChange(client, accountId, async () => {
    await client.query(
      `update "ClientToken" set "state" = 'retired', "retireAt" = now()
        where "accountId" = $1 and "state" <> 'retired'`,
      [accountId],
    );
    await seedToken(client, accountId, next);
  });
  const start = performance.now();
  const [ends] = await Promise.all([Promise.all(probes.map(watchEnd)), commit()]);
  return {
    acceptedMs: Math.max(...ends.map(({ lastAccepted }) => lastAccepted)) - start,
    rejectedMs: Math.max(...ends.map(({ firstRejected }) => firstRejected)) - start,
  };
}

/** Replaces a token again and again, and times for how long four gates under load go on accepting the old one. */
export async function measureReplacement(bench: Bench): Promise<Section> {
  const { rounds, around } = await onFourGates(bench, async (client, ports) => {
    const account = await seedAccount(client);
    const call = newCall(account.clientToken);
    await seedCall(client, account, call, upstreamUrl(bench));
    const [accepted, rejected]: [number[], number[]] = [[], []];
    let { clientToken } = account;
    for (let n = 0; n < bench.settings.replacements; n++) {
      const request = callBytes({ ...call, clientToken });
      const everywhere = ports.flatMap((port) => new Array<number>(probesEach).fill(port));
      const probes = await Promise.all(everywhere.map((port) => Probe.open(port, request)));
      clientToken = newClientToken();
      const { acceptedMs, rejectedMs } = await replaceAndWatch(client, account, clientToken, probes);
      for (const probe of probes) probe.close();
      accepted.push(acceptedMs);
      rejected.push(rejectedMs);
    }
    return { accepted, rejected };
  });
  const accepted = timesOf(
    "Commit → last acceptance of the old token",
    rounds.map((round) => round.accepted),
  );
  const worst = accepted.find(({ column }) => column === "worst")?.values ?? [];
  return {
    name: "replacement",
    title: "Replace now",
    figures: [
      ...accepted,
      ...timesOf(
        "Commit → old token rejected for good by the last gate",
        rounds.map((round) => round.rejected),
      ),
      ...around,
      {
        label: "Replace now → last acceptance of the old token by any of four gates, worst",
        column: "worst",
        unit: "ms",
        values: worst,
        target: { bound: "at most", limit: 50 },
      },
    ],
    failures: [],
    notes: `- ${bench.settings.replacements} times in a round a token is replaced. The old one is sent to every gate on two connections, beginning before the commit, 2 ms after
  each answer, until each has rejected it 25 times in a row. The last of all acceptances counts, timed when its answer
  arrived. Beside it stands when the last gate first rejected the token. A gate that has heard of a change accepts nobody of
  the account before it has read it, so the two can differ. The worst of a round is that of its replacements; the highest in
  brackets is the worst of all.
`,
  };
}
