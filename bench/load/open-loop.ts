import { setTimeout as sleep } from "node:timers/promises";
import { LoadConnection } from "./connection";
import { latenciesOf, percentile } from "./latencies";
import type { ConstantRate, ConstantRateResult } from "./tasks";

/** The connections to one server, and since when requests wait that found none free. */
interface Lane {
  readonly port: number;
  readonly free: LoadConnection[];
  readonly overdue: number[];
}

const settleMs = 5000;

async function openLane(port: number, connections: number): Promise<Lane> {
  const free = await Promise.all(Array.from({ length: connections }, () => LoadConnection.open(port)));
  return { port, free, overdue: [] };
}

/**
 * Sends at a constant rate whatever comes back. A request's time begins when this program lets go of it,
 * whether or not a connection is free: waiting for one is the server's doing. How late this program was
 * itself, because the load's core was busy, is told apart.
 */
export class OpenLoop {
  readonly #times: number[] = [];
  readonly #lags: number[] = [];
  #wrong = 0;
  #open = 0;
  #countFrom = 0;

  /** @param enough ends it early; the result covers what was sent until then */
  constructor(
    private readonly input: ConstantRate,
    private readonly enough: AbortSignal,
  ) {}

  /** Runs once, from warm-up to the last answer. */
  async run(): Promise<ConstantRateResult> {
    const { ports, connections, requestsPerSecond, warmUpSeconds, seconds } = this.input;
    const lanes = await Promise.all(ports.map((port) => openLane(port, connections)));
    const start = performance.now();
    this.#countFrom = start + warmUpSeconds * 1000;
    const total = Math.floor(requestsPerSecond * (warmUpSeconds + seconds));
    for (let next = 0; next < total && !this.enough.aborted; ) {
      const due = Math.min(total, ((performance.now() - start) / 1000) * requestsPerSecond);
      for (; next < due; next++) {
        const lane = lanes[next % lanes.length];
        if (lane) this.#dispatch(lane, start + (next / requestsPerSecond) * 1000);
      }
      await sleep(1);
    }
    const end = performance.now();
    while (this.#open > 0 && performance.now() < end + settleMs) await sleep(5);
    for (const lane of lanes) for (const connection of lane.free) connection.close();
    return this.#result((end - this.#countFrom) / 1000);
  }

  #dispatch(lane: Lane, due: number): void {
    this.#open++;
    const since = performance.now();
    if (since >= this.#countFrom) this.#lags.push(since - due);
    // In turn: one that is never used is closed by the server.
    const connection = lane.free.shift();
    if (connection) this.#send(lane, connection, since);
    else lane.overdue.push(since);
  }

  #send(lane: Lane, connection: LoadConnection, since: number): void {
    connection.send(this.input.request, (status) => {
      this.#open--;
      if (since >= this.#countFrom) this.#times.push(performance.now() - since);
      if (status !== this.input.expectedStatus) this.#wrong++;
      if (connection.alive) this.#release(lane, connection);
      else void this.#replace(lane);
    });
  }

  #release(lane: Lane, connection: LoadConnection): void {
    const since = lane.overdue.shift();
    if (since === undefined) lane.free.push(connection);
    else this.#send(lane, connection, since);
  }

  async #replace(lane: Lane): Promise<void> {
    try {
      this.#release(lane, await LoadConnection.open(lane.port));
    } catch {
      // One connection fewer; what it would have carried counts as wrong at the end.
    }
  }

  #result(seconds: number): ConstantRateResult {
    const lags = Float64Array.from(this.#lags).sort();
    return {
      requestsPerSecond: this.#times.length / seconds,
      ...latenciesOf(this.#times),
      wrong: this.#wrong + this.#open,
      lagP99: percentile(lags, 0.99),
    };
  }
}
