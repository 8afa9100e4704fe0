import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";

/**
 * A client's body as it comes, at the pace of its reader. Destroying it leaves the client's connection
 * alone, because an answer may still be on its way there; what the client goes on sending is dropped.
 */
export class ClientBody extends Readable {
  readonly #incoming: IncomingMessage;
  #started = false;

  constructor(incoming: IncomingMessage) {
    super({ highWaterMark: 64 * 1024 });
    this.#incoming = incoming;
  }

  readonly #take = (chunk: Buffer): void => {
    if (!this.push(chunk)) this.#incoming.pause();
  };

  readonly #finish = (): void => {
    this.push(null);
  };

  readonly #breakOff = (): void => {
    if (!this.#incoming.complete) this.destroy(new Error("the client's body broke off"));
  };

  override _read(): void {
    if (!this.#started) {
      this.#started = true;
      this.#incoming
        .on("data", this.#take)
        .on("end", this.#finish)
        .on("error", this.#breakOff)
        .on("close", this.#breakOff);
    }
    this.#incoming.resume();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#incoming
      .off("data", this.#take)
      .off("end", this.#finish)
      .off("close", this.#breakOff)
      .on("error", () => {})
      .resume();
    callback(error);
  }
}
