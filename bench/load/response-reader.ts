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
