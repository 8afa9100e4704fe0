import { setTimeout as sleep } from "node:timers/promises";
import { Connection } from "./connection";
import type { ConstantRateInput, ConstantRateResult } from "./constant-rate";
import { percentile, summarise } from "./percentile";

/** The connections to one server, and the due times of requests that found none free. */
interface Lane {
  readonly port: number;
  readonly free: Connection[];
  readonly overdue: number[];
}

const settleMs = 5000;

async function openLane(port: number, connections: number): Promise<Lane> {
  const free = await Promise.all(Array.from({ length: connections }, () => Connection.open(port)));
  return { port, free, overdue: [] };
}

/** Sends at a constant rate and times every request from the moment it was due. */
export class OpenLoop {
  readonly #times: number[] = [];
  readonly #lags: number[] = [];
  #wrong = 0;
  #open = 0;
  #countFrom = 0;
  #stopped = false;

  constructor(private readonly input: ConstantRateInput) {}

  /** Sends nothing more; the result covers what was sent. */
  stop(): void {
    this.#stopped = true;
  }

  /** Runs once, from warm-up to the last answer. */
  async run(): Promise<ConstantRateResult> {
    const { ports, connections, requestsPerSecond, warmUpSeconds, seconds } = this.input;
    const lanes = await Promise.all(ports.map((port) => openLane(port, connections)));
    const start = performance.now();
    this.#countFrom = start + warmUpSeconds * 1000;
    const total = Math.floor(requestsPerSecond * (warmUpSeconds + seconds));
    for (let next = 0; next < total && !this.#stopped; ) {
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
    const connection = lane.free.pop();
    if (connection) this.#send(lane, connection, due);
    else lane.overdue.push(due);
  }

  #send(lane: Lane, connection: Connection, due: number): void {
    if (due >= this.#countFrom) this.#lags.push(performance.now() - due);
    connection.send(this.input.request, (status) => {
      this.#open--;
      if (due >= this.#countFrom) this.#times.push(performance.now() - due);
      if (status !== this.input.expectedStatus) this.#wrong++;
      if (connection.alive) this.#release(lane, connection);
      else void this.#replace(lane);
    });
  }

  #release(lane: Lane, connection: Connection): void {
    const due = lane.overdue.shift();
    if (due === undefined) lane.free.push(connection);
    else this.#send(lane, connection, due);
  }

  async #replace(lane: Lane): Promise<void> {
    try {
      this.#release(lane, await Connection.open(lane.port));
    } catch {
      // One connection fewer; what it would have carried counts as wrong at the end.
    }
  }

  #result(seconds: number): ConstantRateResult {
    const lags = Float64Array.from(this.#lags).sort();
    return {
      requestsPerSecond: this.#times.length / seconds,
      ...summarise(this.#times),
      wrong: this.#wrong + this.#open,
      lagP99: percentile(lags, 0.99),
    };
  }
}
