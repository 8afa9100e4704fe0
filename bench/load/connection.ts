import { connect, type Socket } from "node:net";

const headEnd = Buffer.from("\r\n\r\n");
const lineEnd = Buffer.from("\r\n");
const nothing = Buffer.alloc(0);

/** Length of a chunked body that starts at `from`, or -1 while it is incomplete. Trailers do not occur. */
function chunkedLength(bytes: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const end = bytes.indexOf(lineEnd, at);
    if (end < 0) return -1;
    const size = Number.parseInt(bytes.toString("latin1", at, end), 16);
    at = end + 2 + size + 2;
    if (Number.isNaN(size) || at > bytes.length) return -1;
    if (size === 0) return at - from;
  }
}

function bodyLength(status: number, head: string, bytes: Buffer, from: number): number {
  if (status < 200 || status === 204 || status === 304) return 0;
  const length = /\r\ncontent-length:\s*(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return Number(length);
  return /\r\ntransfer-encoding:\s*chunked/i.test(head) ? chunkedLength(bytes, from) : 0;
}

/**
 * Cuts what a connection receives into HTTP/1.1 responses to GET and tells their status. Made for load
 * generators: it trusts the server and reads no more than it must.
 */
export class ResponseReader {
  #held: Buffer = nothing;

  /** @returns the statuses of all responses that are complete with this piece, without those of 1xx */
  read(piece: Buffer): number[] {
    this.#held = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]);
    const statuses: number[] = [];
    for (;;) {
      const end = this.#held.indexOf(headEnd);
      if (end < 0) return statuses;
      const head = this.#held.toString("latin1", 0, end);
      const status = Number(head.slice(9, 12));
      const body = bodyLength(status, head, this.#held, end + 4);
      if (body < 0 || this.#held.length < end + 4 + body) return statuses;
      this.#held = this.#held.subarray(end + 4 + body);
      if (status >= 200) statuses.push(status);
    }
  }
}

/** Told the status of an answer; 0 when the connection broke before it came. */
type Answered = (status: number) => void;

/** A keep-alive connection that carries one request at a time, cheaper than node:http's client. */
export class LoadConnection {
  readonly #socket: Socket;
  readonly #reader = new ResponseReader();
  #waiting: Answered | null = null;
  #alive = true;

  private constructor(socket: Socket) {
    this.#socket = socket.setNoDelay(true);
    socket.on("data", (piece) => {
      for (const status of this.#reader.read(piece)) this.#settle(status);
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

  /** Sends a whole request; the connection must be idle. */
  send(request: string, answered: Answered): void {
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
