import { Readable } from "node:stream";

/** Bytes of each body that are always there: no message without a file in it ever waits for the memory of those with one. */
const freeBytes = 64 * 1024;

/** Pieces are put together until they have as many bytes, or are as many: of one byte each they would take far more than they hold. */
const pieceBytes = 64 * 1024;
const mostPieces = 1024;

/** What a piece takes beside its bytes, about. */
const pieceOverhead = 256;

/** As many bodies of the largest size fit into one process; those of one account, or of one address, may take half. */
const largestAtOnce = 4;

/** More than these that wait are told to come again at once. */
const mostWaiting = 256;

interface Waiting {
  readonly bytes: number;
  readonly owners: readonly string[];
  readonly settle: (given: boolean) => void;
}

/** Times and sizes of bodies that are read whole. */
interface BodyLimits {
  /** Most bytes of one body. */
  readonly largestBytes: number;
  /** How long a body waits for memory. */
  readonly waitMs?: number;
  /** Longest silence within a body, and longest time until it is whole. */
  readonly pauseMs?: number;
  readonly wholeMs?: number;
}

/**
 * The memory of one process for bodies that have to be read whole before they go on. Who finds none waits for it, in turn,
 * while its client waits too; nobody can take all of it.
 */
export class BodyMemory {
  readonly largestBytes: number;
  readonly pauseMs: number;
  readonly wholeMs: number;
  /** Bytes that there are. */
  readonly total: number;
  readonly #waitMs: number;
  #held = 0;
  readonly #byOwner = new Map<string, number>();
  readonly #waiting = new Set<Waiting>();

  constructor({ largestBytes, waitMs = 5000, pauseMs = 20_000, wholeMs = 300_000 }: BodyLimits) {
    this.largestBytes = largestBytes;
    this.total = largestAtOnce * largestBytes;
    this.#waitMs = waitMs;
    this.pauseMs = pauseMs;
    this.wholeMs = wholeMs;
  }

  /** Bytes that are taken. */
  get held(): number {
    return this.#held;
  }

  #has(bytes: number, owners: readonly string[]): boolean {
    if (this.#held + bytes > this.total) return false;
    return owners.every((owner) => (this.#byOwner.get(owner) ?? 0) + bytes <= this.total / 2);
  }

  #add(bytes: number, owners: readonly string[]): void {
    this.#held += bytes;
    for (const owner of owners) {
      const held = (this.#byOwner.get(owner) ?? 0) + bytes;
      if (held > 0) this.#byOwner.set(owner, held);
      else this.#byOwner.delete(owner);
    }
  }

  /** Takes memory; at once, or in turn as soon as there is some. False when that takes too long. */
  take(bytes: number, owners: readonly string[]): boolean | Promise<boolean> {
    if (this.#has(bytes, owners)) {
      this.#add(bytes, owners);
      return true;
    }
    if (this.#waiting.size >= mostWaiting) return false;
    return new Promise((resolve) => {
      const settle = (given: boolean) => {
        clearTimeout(timer);
        this.#waiting.delete(waiting);
        resolve(given);
      };
      const waiting = { bytes, owners, settle };
      // Bodies that are half read wait for each other at worst; who gives up lets the others go on.
      const timer = setTimeout(settle, this.#waitMs, false);
      this.#waiting.add(waiting);
    });
  }

  /** Gives back what was taken. */
  give(bytes: number, owners: readonly string[]): void {
    this.#add(-bytes, owners);
    for (const waiting of this.#waiting) {
      if (!this.#has(waiting.bytes, waiting.owners)) continue;
      this.#add(waiting.bytes, waiting.owners);
      waiting.settle(true);
    }
  }
}

/** A body that was read whole, as it goes on: byte for byte. Its memory goes back piece by piece, and when it is destroyed. */
export class HeldBody extends Readable {
  readonly #pieces: Buffer[] = [];
  readonly #memory: BodyMemory;
  readonly #owners: readonly string[];
  #bytes = 0;
  #taken = 0;
  #loose: Buffer[] = [];
  #looseBytes = 0;

  /** @param owners whose share of the memory it takes */
  constructor(memory: BodyMemory, owners: readonly string[]) {
    super({ highWaterMark: pieceBytes });
    this.#memory = memory;
    this.#owners = owners;
  }

  /** Keeps another piece. False when there is no memory for it. */
  add(piece: Buffer): boolean | Promise<boolean> {
    this.#loose.push(piece);
    this.#looseBytes += piece.length;
    this.#bytes += piece.length;
    if (this.#looseBytes >= pieceBytes || this.#loose.length >= mostPieces) this.close();
    const wanted = this.#bytes + pieceOverhead * this.#pieces.length - freeBytes;
    if (wanted <= this.#taken) return true;
    const more = wanted - this.#taken;
    const taking = this.#memory.take(more, this.#owners);
    const took = (given: boolean) => {
      if (given) this.#taken += more;
      return given;
    };
    return typeof taking === "boolean" ? took(taking) : taking.then(took);
  }

  /** Puts together what came last. */
  close(): void {
    const [only] = this.#loose;
    if (only) this.#pieces.push(this.#loose.length === 1 ? only : Buffer.concat(this.#loose));
    this.#loose = [];
    this.#looseBytes = 0;
  }

  #giveBack(bytes: number): void {
    const back = Math.min(bytes, this.#taken);
    this.#taken -= back;
    if (back > 0) this.#memory.give(back, this.#owners);
  }

  override _read(): void {
    const piece = this.#pieces.shift();
    if (piece) this.#giveBack(piece.length + pieceOverhead);
    this.push(piece ?? null);
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#pieces.length = 0;
    this.#loose = [];
    this.#giveBack(this.#taken);
    callback(error);
  }
}

/** Lets go of a body that was read and goes nowhere; any other is its client's. */
export function releaseBody(body: Readable | null): void {
  if (body instanceof HeldBody) body.destroy();
}
