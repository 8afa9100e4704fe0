import type { ServerResponse } from "node:http";
import type { Duplex, Readable } from "node:stream";
import type { HeaderLine } from "@/lib/domain/forwarded-headers";
import type { AnswerHead } from "./upstream-head";
import type { UpstreamPools } from "./upstream-pools";

/** A request that goes on, and what is done with its answer. */
export interface ExchangeParts {
  readonly pools: UpstreamPools;
  readonly origin: string;
  readonly target: string;
  readonly method: string;
  readonly headers: readonly HeaderLine[];
  readonly body: Readable | null;
  readonly response: ServerResponse;
  /** Makes the head that the client gets. @throws Error when the answer cannot be passed on */
  readonly head: (status: number, statusText: string, lines: readonly HeaderLine[]) => AnswerHead;
  /** Trailer fields that may follow the body; null when the client does not want any. */
  readonly trailers: ((lines: readonly HeaderLine[]) => readonly HeaderLine[]) | null;
  /** Answers in the upstream's place; called when nothing of an answer has been sent. */
  readonly failed: (error: Error) => void;
  /** Called with the upstream's connection when it has agreed to speak WebSocket; null: not asked to. */
  readonly upgraded: ((head: AnswerHead, upstream: Duplex) => void) | null;
  /** Called once, when the exchange is over in one way or another. */
  readonly ended: (outcome: ExchangeOutcome) => void;
}

/** How an exchange ended. */
export type ExchangeOutcome = "complete" | "failed" | "broke_off" | "client_left";

/** The client is gone. */
export class ClientLeft extends Error {
  override name = "ClientLeft";
  readonly code = "CLIENT_LEFT";
}
