import type { ServerResponse } from "node:http";
import type { HeaderList, HeaderRecord } from "../headers";
import { toCallerValue } from "../proxy/answer-urls";
import type { UpstreamPools } from "../proxy/pools";
import { type Downstream, RoundTrip } from "../proxy/round-trip";
import type { UpstreamRequest } from "../proxy/upstream-request";
import { type AnswerOptions, clientTrailers, responseHead } from "../proxy/upstream-response";
import { endAtOnce, lingeringClose } from "./node-messages";

/** How a request that was sent on ended. */
export type ForwardOutcome = "complete" | "broke_off" | "client_left";

/** What telling the answer depends on. */
interface ForwardOptions {
  /** Instances have an origin of their own, so the dashboard is not on it. */
  readonly ownOrigin: boolean;
  /** The client's own; they say whether it reads trailers. */
  readonly requestHeaders: HeaderList;
}

const nothing = Buffer.alloc(0);

/** Up to this size, joining a body to its head is cheaper than writing two pieces. */
const joinedBytes = 8192;

/** A client on node:http, to whom an upstream's answer is written as it comes. */
export abstract class NodeDownstream implements Downstream {
  readonly response: ServerResponse;
  #roundTrip: RoundTrip | null = null;
  #hasRequestBody = false;
  #requestHeaders: HeaderList = [];
  /** How the answer is told. */
  protected answerOptions: AnswerOptions = { ownOrigin: false, sides: null, tokenHeader: null };
  #first: Buffer | null = null;
  #waits = false;

  constructor(response: ServerResponse) {
    this.response = response;
  }

  /** Sends the request on. The answer is written, `failed` or `ended` is called. */
  protected forward(
    pools: UpstreamPools,
    request: UpstreamRequest,
    { ownOrigin, requestHeaders }: ForwardOptions,
  ): void {
    this.#hasRequestBody = request.body !== null;
    this.#requestHeaders = requestHeaders;
    this.answerOptions = { ownOrigin, sides: request.sides, tokenHeader: request.tokenHeader };
    this.#roundTrip = new RoundTrip(pools, request, this);
    this.response.on("close", this.#left);
    this.#roundTrip.start();
  }

  /** Answers in the upstream's place: nothing of an answer was written. */
  abstract failed(error: Error): void;

  /** Called once unless `failed` was. */
  protected abstract ended(outcome: ForwardOutcome): void;

  /**
   * Passes on what Node.js can write: 102, and the links of early hints (RFC 8297). Clients of HTTP/1.0 know
   * no informational answers (RFC 9110 §15.2).
   */
  interim(status: number, headers: HeaderRecord): void {
    const { response } = this;
    if (response.req.httpVersion !== "1.1") return;
    if (status === 102) response.writeProcessing();
    if (status !== 103) return;
    const { sides } = this.answerOptions;
    const link = [headers.link ?? []].flat().flatMap((value) => {
      const told = sides ? toCallerValue("link", value, sides) : value;
      return told === null ? [] : [told];
    });
    try {
      if (link.length > 0) response.writeEarlyHints({ link });
    } catch {
      // A link it does not accept; nothing depends on hints.
    }
  }

  /** @throws UnusableAnswer when it cannot be passed on */
  head(status: number, statusText: string, fields: HeaderRecord, hasBody: boolean): void {
    const { response } = this;
    const head = responseHead(status, statusText, fields, this.answerOptions);
    const headers = head.headers as string[];
    // The upstream may not want the rest of the body; nobody can say where the next request would begin.
    if (this.#hasRequestBody && !response.req.complete) response.shouldKeepAlive = false;
    if (head.statusText === "") response.writeHead(head.status, headers);
    else response.writeHead(head.status, head.statusText, headers);
    if (!hasBody) return;
    // The first piece waits, no longer than this turn of the event loop, for what else arrives with it, so that
    // small answers leave in one write.
    this.#waits = true;
    process.nextTick(this.#flush);
  }

  data(chunk: Buffer): boolean {
    if (this.#waits && this.#first === null) {
      this.#first = chunk;
      return true;
    }
    this.#flush();
    if (this.response.write(chunk)) return true;
    this.response.once("drain", () => this.#roundTrip?.resume());
    return false;
  }

  end(trailers: HeaderRecord): void {
    const { response } = this;
    const lines = clientTrailers(this.#requestHeaders, trailers, this.answerOptions);
    if (lines.length > 0) {
      const named = lines.flatMap((name, at): [string, string][] =>
        at % 2 === 0 ? [[name, lines[at + 1] ?? ""]] : [],
      );
      response.addTrailers(named);
    }
    if (this.#hasRequestBody && !response.req.complete) lingeringClose(response.req);
    this.ended("complete");
    this.#waits = false;
    const first = this.#first;
    if (first === null) response.end();
    else if (first.length <= joinedBytes) endAtOnce(response, first.toString("latin1"));
    else response.end(first);
  }

  brokeOff(): void {
    this.ended("broke_off");
    this.response.destroy();
  }

  readonly #flush = (): void => {
    if (!this.#waits || this.response.destroyed) return;
    this.#waits = false;
    // An empty piece sends the head, as Latin-1; `flushHeaders` would send it as UTF-8.
    this.response.write(this.#first ?? nothing);
    this.#first = null;
  };

  readonly #left = (): void => {
    if (this.#roundTrip?.abort()) this.ended("client_left");
  };
}
