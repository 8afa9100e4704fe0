import type { ServerResponse } from "node:http";
import { endAtOnce } from "./end-at-once";

const nothing = Buffer.alloc(0);

/** Up to this size, joining a body to its head is cheaper than writing two pieces. */
const joinedBytes = 8192;

/**
 * Writes the body of an answer as it comes. The first piece waits, no longer than the current turn of the
 * event loop, for what else arrives with it, so that small answers leave in one write.
 */
export class AnswerBody {
  readonly #response: ServerResponse;
  #first: Buffer | null = null;
  #waits = false;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  /** Call when the head has been set; it leaves with the first piece, or soon without one. */
  begin(): void {
    this.#waits = true;
    process.nextTick(this.#flush);
  }

  /** False when the client is behind; `drain` of the response tells when it is not any more. */
  write(chunk: Buffer): boolean {
    if (this.#waits && this.#first === null) {
      this.#first = chunk;
      return true;
    }
    this.#flush();
    return this.#response.write(chunk);
  }

  end(): void {
    this.#waits = false;
    const first = this.#first;
    if (first === null) this.#response.end();
    else if (first.length <= joinedBytes) endAtOnce(this.#response, first.toString("latin1"));
    else this.#response.end(first);
  }

  readonly #flush = (): void => {
    if (!this.#waits || this.#response.destroyed) return;
    this.#waits = false;
    // An empty piece sends the head, as Latin-1; `flushHeaders` would send it as UTF-8.
    this.#response.write(this.#first ?? nothing);
    this.#first = null;
  };
}
