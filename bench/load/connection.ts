import { connect, type Socket } from "node:net";
import { ResponseReader } from "./response-reader";

/** Told the status of an answer; 0 when the connection broke before it came. */
export type Answered = (status: number) => void;

/** A keep-alive connection that carries one request at a time, cheaper than node:http's client. */
export class Connection {
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
  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.off("error", reject);
        resolve(new Connection(socket));
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
