const longestHeader = 14;

/**
 * Follows the frames of a WebSocket (RFC 6455 §5.2) in one direction, only to know where one ends: a frame
 * of our own may be written nowhere else.
 */
export class WebSocketFrames {
  /** Bytes of the current frame's payload that have not passed yet. */
  #payloadLeft = 0n;
  readonly #header = Buffer.alloc(longestHeader);
  #headerBytes = 0;

  /** True between two frames. */
  get betweenFrames(): boolean {
    return this.#payloadLeft === 0n && this.#headerBytes === 0;
  }

  take(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#payloadLeft > 0n) {
        const passing = BigInt(chunk.length - at);
        if (passing < this.#payloadLeft) {
          this.#payloadLeft -= passing;
          return;
        }
        at += Number(this.#payloadLeft);
        this.#payloadLeft = 0n;
        continue;
      }
      this.#header[this.#headerBytes++] = chunk[at++] ?? 0;
      if (this.#headerBytes < this.#headerLength()) continue;
      this.#payloadLeft = this.#payloadLength();
      this.#headerBytes = 0;
    }
  }

  #headerLength(): number {
    if (this.#headerBytes < 2) return 2;
    const second = this.#header[1] ?? 0;
    const length = second & 0x7f;
    return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + (second & 0x80 ? 4 : 0);
  }

  #payloadLength(): bigint {
    const length = (this.#header[1] ?? 0) & 0x7f;
    if (length < 126) return BigInt(length);
    return length === 126 ? BigInt(this.#header.readUInt16BE(2)) : this.#header.readBigUInt64BE(2);
  }
}

/** Why a WebSocket is closed (RFC 6455 §7.4.1). */
export const closeCodes = { goingAway: 1001, policyViolation: 1008, tryAgainLater: 1013 } as const;

/** A close frame as a server sends it. */
export function closeFrame(code: number): Buffer {
  return Buffer.from([0x88, 2, code >> 8, code & 0xff]);
}
