import type { IncomingMessage } from "node:http";
import { addSeenPeers } from "@/lib/db/seen-peers";
import { type AddressList, canonicalAddress } from "@/lib/domain/address-list";
import { addressKind } from "@/lib/domain/address-rule";
import type { SeenPeer } from "@/lib/domain/doctor";

const writeEveryMs = 10_000;

/** Requests of one process that are looked at between two writes: more cost time and tell nothing new. */
const sampled = 100;

/** Different machines that are remembered between two writes. */
const mostPeers = 64;

/**
 * Sums up by which machines requests come, and whether they say for whom: what `latchkey doctor` judges TRUSTED_PROXIES
 * by. No address of a caller is kept: only those of trusted machines, and of private ones that pass on for others.
 */
export class SeenPeers {
  readonly #trusted: AddressList;
  readonly #write: (seen: readonly SeenPeer[]) => Promise<void>;
  readonly #timer: NodeJS.Timeout;
  #sums = new Map<string, SeenPeer>();
  #left = sampled;

  constructor(trusted: AddressList, write = addSeenPeers) {
    this.#trusted = trusted;
    this.#write = write;
    this.#timer = setInterval(() => void this.flush(), writeEveryMs).unref();
  }

  note({
    socket,
    headers,
  }: Pick<IncomingMessage, "headers"> & {
    readonly socket: { readonly remoteAddress?: string | undefined };
  }): void {
    if (this.#left === 0) return;
    this.#left--;
    const address = canonicalAddress(socket.remoteAddress ?? "");
    if (address === null) return;
    const forwarded = headers["x-forwarded-for"] !== undefined;
    const isTold = this.#trusted.includes(address) || (forwarded && addressKind(address) !== "public");
    const peer = isTold && this.#sums.size < mostPeers ? address : "";
    const key = `${peer} ${forwarded}`;
    const requests = (this.#sums.get(key)?.requests ?? 0) + 1;
    this.#sums.set(key, { peer, forwarded, requests });
  }

  /** Writes what was seen. A database that is away gets it later, or never: it is a sample. Never rejects. */
  async flush(): Promise<void> {
    const seen = [...this.#sums.values()];
    this.#sums = new Map();
    this.#left = sampled;
    if (seen.length > 0) await this.#write(seen).catch(() => {});
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }
}
