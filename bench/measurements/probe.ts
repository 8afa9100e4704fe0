import { BenchError } from "../bench-error";
import { Connection } from "../load/connection";

const limitMs = 5000;

/** Asks one gate the same thing over and over on one connection. */
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

  /**
   * Asks without a pause until the answer has this status.
   *
   * @returns when that answer had come, on the clock of `performance.now()`
   * @throws BenchError when it did not come within 5 s
   */
  async until(status: number): Promise<number> {
    const end = performance.now() + limitMs;
    while ((await this.ask()) !== status) {
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
