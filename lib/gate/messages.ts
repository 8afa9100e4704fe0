import type { Readable } from "node:stream";
import type { HeaderLine } from "@/lib/domain/forwarded-headers";
import type { ConnectionMemo } from "./connection-memo";

/** A request to an instance, independent of the server that received it. */
export interface GateRequest {
  readonly id: string;
  /** As sent; RFC 9110 §9.1 makes methods case-sensitive. */
  readonly method: string;
  /** The request target as received, one character for each byte. */
  readonly target: string;
  /** Every header line in order, names in lower case, values one character for each byte. */
  readonly headers: readonly HeaderLine[];
  /** null when the request has no body (RFC 9112 §6.3), which is not the same as an empty one. */
  readonly body: Readable | null;
  /** True when the request has a body that the server it came through cannot hand on. */
  readonly bodyOutOfReach: boolean;
  /** Fires when the client is gone. */
  readonly signal: AbortSignal;
  readonly clientAddress: string | null;
  /** Host the client asked for; null when none fit for a header was named. */
  readonly host: string | null;
  readonly protocol: "http" | "https";
  /** What its connection remembers of the request before; absent where connections are not known. */
  readonly memo?: ConnectionMemo;
}

/** An answer, independent of the server that sends it. */
export interface GateResponse {
  readonly status: number;
  /** Empty when the standard phrase will do. */
  readonly statusText: string;
  readonly headers: readonly HeaderLine[];
  /** A string is a whole body, a stream is passed on as it comes; null means none. */
  readonly body: Readable | string | null;
}

/** An answer that is complete, as errors and the echo are. */
export interface WholeResponse extends GateResponse {
  readonly body: string | null;
}
