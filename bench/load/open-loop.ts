import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** The nearest-rank percentile: the smallest value that at least `share` of all values do not exceed; NaN of none. */
export function percentile(values: Iterable<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? Number.NaN;
}

/**
 * The status of the answer to a GET that these bytes begin with, and its length; null while it is incomplete. Made
 * for servers that we trust: they tell the length of every body (RFC 9112 §6.2).
 */
export function answerIn(bytes: Buffer): { status: number; length: number } | null {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const head = bytes.toString("latin1", 0, end);
  const length = end + 4 + Number(/\r\ncontent-length:\s*(\d+)/i.exec(head)?.[1] ?? 0);
  return bytes.length < length ? null : { status: Number(head.slice(9, 12)), length };
}

/** A keep-alive connection that carries one GET at a time, cheaper than node:http's client. */
export class LoadConnection {
  readonly #socket: Socket;
  #held: Buffer = Buffer.alloc(0);
  #waiting: ((status: number) => void) | null = null;
  #alive = true;

  private constructor(socket: Socket) {
    this.#socket = socket.setNoDelay(true);
    socket.on("data", (piece) => {
      this.#held = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]);
      const answer = answerIn(this.#held);
      if (answer === null) return;
      this.#held = this.#held.subarray(answer.length);
      this.#settle(answer.status);
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#alive = false;
      this.#settle(0);
    });
  }

  /** Connects to a port of this machine. */
  static open(port: number): Promise<LoadConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.off("error", reject);
        resolve(new LoadConnection(socket));
      });
      socket.on("error", reject);
    });
  }

  /** False once the connection is gone. */
  get alive(): boolean {
    return this.#alive;
  }

  #settle(status: number): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.(status);
  }

  /** Sends a whole request on the idle connection; `answered` gets the status, 0 when the connection broke. */
  send(request: string, answered: (status: number) => void): void {
    if (this.#alive) {
      this.#waiting = answered;
      this.#socket.write(request, "latin1");
    } else {
      answered(0);
    }
  }

  /** Sends a whole request and waits for the status of its answer. */
  ask(request: string): Promise<number> {
    return new Promise((resolve) => this.send(request, resolve));
  }

  /** Closes it, whatever is under way. */
  close(): void {
    this.#socket.destroy();
  }
}

/** What is sent at a constant rate. Durations in seconds. */
interface ConstantRate {
  /** Servers, asked in turn. */
  readonly ports: readonly number[];
  /** The n-th request, whole. */
  readonly request: (n: number) => string;
  readonly perSecond: number;
  /** Load that is not counted. */
  readonly warmUp: number;
  readonly seconds: number;
  /** Connections to each server; a request that finds none free waits, and its clock runs. */
  readonly connections: number;
  /** Ends it early; what was sent until then counts. */
  readonly enough?: AbortSignal;
}

/** How it went. Durations in milliseconds. */
interface ConstantRateResult {
  readonly perSecond: number;
  /** From the moment a request was let go until its answer was complete. */
  readonly times: readonly number[];
  /** Answers that were not 200, or did not come. */
  readonly wrong: number;
  /** How late requests were let go, because the load's core was busy; no part of the times. */
  readonly lateness: readonly number[];
}

/** The connections to one server, and what waits for one of them. */
interface Lane {
  readonly port: number;
  readonly free: LoadConnection[];
  readonly waiting: { readonly request: string; readonly since: number }[];
}

const settleMs = 5000;

/**
 * Sends GET requests at a constant rate whatever comes back, so that a slow answer does not hide the wait of those
 * behind it (coordinated omission). Why not by a tool that others keep: docs/decisions/0027-load-at-a-constant-rate.md.
 */
export async function sendAtConstantRate(load: ConstantRate): Promise<ConstantRateResult> {
  const [times, lateness]: [number[], number[]] = [[], []];
  let [wrong, open] = [0, 0];
  const lanes = await Promise.all(
    load.ports.map(async (port): Promise<Lane> => {
      const free = Array.from({ length: load.connections }, () => LoadConnection.open(port));
      return { port, free: await Promise.all(free), waiting: [] };
    }),
  );
  const start = performance.now();
  const countFrom = start + load.warmUp * 1000;

  function release(lane: Lane, connection: LoadConnection) {
    const next = lane.waiting.shift();
    if (next === undefined) lane.free.push(connection);
    else send(lane, connection, next);
  }

  function send(lane: Lane, connection: LoadConnection, { request, since }: Lane["waiting"][number]) {
    connection.send(request, (status) => {
      open--;
      if (since >= countFrom) times.push(performance.now() - since);
      if (status !== 200) wrong++;
      if (connection.alive) release(lane, connection);
      // One that cannot be replaced leaves its requests waiting; they count as wrong at the end.
      else
        LoadConnection.open(lane.port)
          .then((opened) => release(lane, opened))
          .catch(() => {});
    });
  }

  function dispatch(lane: Lane, n: number) {
    open++;
    const since = performance.now();
    if (since >= countFrom) lateness.push(since - start - (n / load.perSecond) * 1000);
    // In turn: one that is never used is closed by the server.
    const connection = lane.free.shift();
    const next = { request: load.request(n), since };
    if (connection) send(lane, connection, next);
    else lane.waiting.push(next);
  }

  const total = Math.floor(load.perSecond * (load.warmUp + load.seconds));
  for (let n = 0; n < total && !load.enough?.aborted; await sleep(1)) {
    const due = Math.min(total, ((performance.now() - start) / 1000) * load.perSecond);
    for (; n < due; n++) {
      const lane = lanes[n % lanes.length];
      if (lane) dispatch(lane, n);
    }
  }
  const end = performance.now();
  while (open > 0 && performance.now() < end + settleMs) await sleep(5);
  for (const { free } of lanes) for (const connection of free) connection.close();
  return { perSecond: times.length / ((end - countFrom) / 1000), times, wrong: wrong + open, lateness };
}
