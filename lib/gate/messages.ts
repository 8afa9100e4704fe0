import type { Readable } from "node:stream";
import { clientTokenDigest, instanceTokenDigest } from "@/lib/crypto/digest";
import { keysVersion } from "@/lib/crypto/keys";
import { forwardedHeaders, safeHost } from "@/lib/domain/forwarded-headers";
import { DecisionMemo } from "@/lib/domain/gate";
import { parseRequestPath } from "@/lib/domain/instance-url";
import { classifyPresentedToken, type PresentedToken } from "@/lib/domain/presented-token";
import type { HeaderList } from "./headers";

/** A request to an instance, independent of the server that received it. */
export interface GateRequest {
  readonly id: string;
  /** As sent; RFC 9110 §9.1 makes methods case-sensitive. */
  readonly method: string;
  /** The request target as received, one character for each byte. */
  readonly target: string;
  readonly headers: HeaderList;
  /** null when the request has no body (RFC 9112 §6.3), which is not the same as an empty one. */
  readonly body: Readable | null;
  /** True when the request has a body that the server it came through cannot hand on. */
  readonly bodyOutOfReach: boolean;
  readonly clientAddress: string | null;
  /** Host the client asked for; null when none fit for a header was named. */
  readonly host: string | null;
  readonly protocol: "http" | "https";
  /** What its connection remembers of the request before; absent where connections are not known. */
  readonly memo?: ConnectionMemo;
  /** Called before the body is read for a decision: the client may be waiting until it is wanted. */
  readonly onBodyWanted?: (() => void) | undefined;
}

/** An answer, independent of the server that sends it. */
export interface GateResponse {
  readonly status: number;
  /** Empty when the standard phrase will do. */
  readonly statusText: string;
  readonly headers: HeaderList;
  /** A string is a whole body, a stream is passed on as it comes; null means none. */
  readonly body: Readable | string | null;
}

/** An answer that is complete, as errors and the echo are. */
export interface WholeResponse extends GateResponse {
  readonly body: string | null;
}

/** A presented token, judged by its form, and its digest where it has the right one, under each key that counts. */
interface JudgedToken {
  readonly presented: PresentedToken;
  readonly digest: Buffer | null;
}

/** Judges the lines of the `Client-Token` header. */
export function judgeToken(lines: readonly string[]): JudgedToken {
  const presented = classifyPresentedToken(lines);
  const digest = presented.kind === "well_formed" ? clientTokenDigest.joined(presented.value) : null;
  return { presented, digest };
}

/** Remembers the last argument and result of a function that depends on nothing but our keys. */
function rememberLast<K, V>(compute: (key: K) => V): (key: K) => V {
  let last: { readonly key: K; readonly value: V; readonly keys: number } | undefined;
  return (key) => {
    const keys = keysVersion();
    if (last === undefined || last.key !== key || last.keys !== keys)
      last = { key, value: compute(key), keys };
    return last.value;
  };
}

/**
 * What was computed for the last request of a connection, because the next is mostly like it: digests above
 * all. Never shared between connections, so that no time tells anybody about a token that is not theirs.
 */
export class ConnectionMemo {
  readonly path = rememberLast(parseRequestPath);
  readonly instanceDigest = rememberLast(instanceTokenDigest.joined);
  readonly token = rememberLast((line: string) => judgeToken([line]));
  readonly host = rememberLast(safeHost);
  readonly decisions = new DecisionMemo();
  #address: string | null | undefined;
  #host: string | null = null;
  #protocol = "";
  #forwarded: HeaderList = [];

  /** As `forwardedHeaders`. */
  forwarded(address: string | null, host: string | null, protocol: "http" | "https"): HeaderList {
    if (address !== this.#address || host !== this.#host || protocol !== this.#protocol) {
      this.#address = address;
      this.#host = host;
      this.#protocol = protocol;
      this.#forwarded = forwardedHeaders({ address, host, protocol });
    }
    return this.#forwarded;
  }
}
