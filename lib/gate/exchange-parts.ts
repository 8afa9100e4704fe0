import type { ServerResponse } from "node:http";
import type { Duplex, Readable } from "node:stream";
import type { HeaderLine } from "@/lib/domain/forwarded-headers";
import type { Onward } from "./forward";
import type { AnswerHead } from "./upstream-head";
import type { UpstreamPools } from "./upstream-pools";

/** Who asks for an exchange, and is told how it goes. One object, so that a request costs no closures. */
export interface ExchangeClient {
  readonly pools: UpstreamPools;
  readonly onward: Onward;
  readonly method: string;
  readonly body: Readable | null;
  readonly response: ServerResponse;
  /** True when the upstream is asked to speak WebSocket. */
  readonly upgrades: boolean;
  /** Makes the head that the client gets. @throws Error when the answer cannot be passed on */
  head(status: number, statusText: string, lines: readonly HeaderLine[]): AnswerHead;
  /** The trailer fields that may follow the body. */
  trailers(lines: readonly HeaderLine[]): readonly HeaderLine[];
  /** Answers in the upstream's place; called when nothing of an answer has been sent. */
  failed(error: Error): void;
  /** Called with the upstream's connection when it has agreed to speak WebSocket. */
  upgraded(head: AnswerHead, upstream: Duplex): void;
  /** Called once, when the exchange is over in one way or another. */
  ended(outcome: ExchangeOutcome): void;
}

/** How an exchange ended. */
export type ExchangeOutcome = "complete" | "failed" | "broke_off" | "client_left";

/** The client is gone. */
export class ClientLeft extends Error {
  override name = "ClientLeft";
  readonly code = "CLIENT_LEFT";
}
