import { setTimeout as sleep } from "node:timers/promises";
import { BenchError } from "../bench-error";
import { Connection } from "../load/connection";

const limitMs = 5000;

/** Between two questions. Without a pause the questions themselves keep the gates' core busy altogether. */
const pauseMs = 2;

/** Asks one gate the same thing again and again on one connection. */
export class Probe {
  private constructor(
    private readonly connection: Connection,
    private readonly request: string,
  ) {}

  /** @param request a whole HTTP/1.1 request */
  static async open(port: number, request: string): Promise<Probe> {
    return new Probe(await Connection.open(port), request);
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

  /** Ends the connection. */
  close(): void {
    this.connection.close();
  }
}
