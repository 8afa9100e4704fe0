import { type IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { HeaderLine } from "@/lib/domain/forwarded-headers";
import { type Admission, type Admitting, admit, isOwnOrigin, logRejection } from "../decide/admit";
import { errorResponse, type GateError, policyUnavailable } from "../decide/denial";
import { failureFacts, labelOf, logRateLimited, upstreamError } from "../log";
import type { WholeResponse } from "../messages";
import { Exchange, type ExchangeClient, type ExchangeOutcome } from "../proxy/exchange";
import { clientTrailers } from "../proxy/response-headers";
import { type AnswerHead, answerHead, type UpstreamPools } from "../proxy/upstream";
import type { Tunnels } from "../websocket/tunnel";
import { handshakeError, joinSockets } from "../websocket/upgrade";
import { echo } from "./echo";
import { NodeRequest, sendAnswer } from "./node-messages";

/** How a request to an instance ended. */
export interface Served {
  readonly outcome: "accepted" | GateError["reason"] | Exclude<ExchangeOutcome, "complete" | "failed">;
  readonly durationMs: number;
}

/** What the door needs from its surroundings. */
export interface NodeGate extends Admitting {
  readonly pools: UpstreamPools;
  readonly tunnels: Tunnels;
  /** Told once of each request that ended, for the metrics. */
  readonly served: (served: Served) => void;
}

/** What a WebSocket needs: the connection, taken off node:http, and what it has brought already. */
export interface Upgrade {
  readonly socket: Duplex;
  readonly early: Buffer;
}

/** How a request came in. */
interface VisitOptions {
  /** The client waits for 100 before it sends its body; it gets it once it is let in. */
  readonly expectsContinue: boolean;
  /** null: an ordinary request. */
  readonly upgrade: Upgrade | null;
}

type Forwarding = Admission & { readonly kind: "forward" };

/** One request on its way through the door on node:http. */
class Visit implements ExchangeClient {
  readonly #gate: NodeGate;
  readonly #incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly #request: NodeRequest;
  readonly #options: VisitOptions;
  readonly #startedAt = performance.now();
  #forwarding: Forwarding | null = null;

  constructor(gate: NodeGate, incoming: IncomingMessage, response: ServerResponse, options: VisitOptions) {
    this.#gate = gate;
    this.#incoming = incoming;
    this.response = response;
    this.#options = options;
    this.#request = new NodeRequest(incoming);
  }

  begin(): void {
    const admission = admit(this.#request, this.#gate);
    if (admission instanceof Promise) void admission.then((later) => this.#act(later));
    else this.#act(admission);
  }

  #act(admission: Admission): void {
    if (this.response.destroyed) this.#over("client_left", admission);
    else if (admission.kind === "refuse") this.#refuse(admission.error, admission);
    else {
      const malformed = this.#options.upgrade && handshakeError(this.#request);
      if (malformed) {
        this.#refuse(malformed, admission);
        return;
      }
      if (this.#options.expectsContinue) this.response.writeContinue();
      if (admission.kind === "echo") void this.#echo(admission);
      else this.#forward(admission);
    }
  }

  #refuse(error: GateError, admission: Admission): void {
    const path = admission.kind === "echo" ? admission.path : (admission.gathered?.path ?? null);
    logRejection(this.#gate.log, this.#request, path, error);
    this.#send(errorResponse(error, this.#request, this.#ownOrigin()));
    this.#over(error.reason, admission);
  }

  async #echo(admission: Admission & { kind: "echo" }): Promise<void> {
    try {
      const { path, onward } = admission;
      this.#send(await echo(this.#request, path, onward.headers, this.#ownOrigin()));
      this.#over("accepted", admission);
    } catch {
      // The client broke off its body.
      this.response.destroy();
      this.#over("client_left", admission);
    }
  }

  #forward(admission: Forwarding): void {
    this.#forwarding = admission;
    new Exchange(this).start();
  }

  get #forwarded(): Forwarding {
    if (this.#forwarding === null) throw new Error("nothing was forwarded");
    return this.#forwarding;
  }

  get pools() {
    return this.#gate.pools;
  }

  get onward() {
    return this.#forwarded.onward;
  }

  get method() {
    return this.#request.method;
  }

  get body() {
    return this.#request.body;
  }

  get upgrades() {
    return this.#options.upgrade !== null;
  }

  head(status: number, statusText: string, lines: readonly HeaderLine[]): AnswerHead {
    return answerHead(status, statusText, lines, { ownOrigin: this.#ownOrigin(), sides: this.onward.sides });
  }

  trailers(lines: readonly HeaderLine[]): readonly HeaderLine[] {
    return clientTrailers(this.#request.headers, lines, {
      ownOrigin: this.#ownOrigin(),
      sides: this.onward.sides,
    });
  }

  upgraded(head: AnswerHead, upstream: Duplex): void {
    const { upgrade } = this.#options;
    if (!upgrade) return;
    const { accountId, gathered } = this.#forwarded;
    joinSockets(upgrade, head, upstream, this.response);
    const { clientAddress, method, headers } = this.#request;
    const request = { clientAddress, method, headers: headers.filter(([name]) => name === "user-agent") };
    this.#gate.tunnels.open({ client: upgrade.socket, upstream, accountId, gathered, request });
  }

  failed(error: Error): void {
    const line = () => ({ ...labelOf(this.#request, this.#forwarded.gathered.path), ...failureFacts(error) });
    logRateLimited(this.#gate.log, "info", "upstream", line, "the upstream did not answer");
    this.#refuse(upstreamError(error), this.#forwarded);
  }

  ended(outcome: ExchangeOutcome): void {
    if (outcome !== "failed") this.#over(outcome === "complete" ? "accepted" : outcome, this.#forwarded);
  }

  #over(outcome: Served["outcome"], admission: Admission): void {
    const durationMs = performance.now() - this.#startedAt;
    this.#gate.served({ outcome, durationMs });
    const { debug } = this.#gate.log;
    if (!debug) return;
    const path = admission.kind === "echo" ? admission.path : (admission.gathered?.path ?? null);
    debug(
      { ...labelOf(this.#request, path), status: this.response.statusCode, outcome, durationMs },
      "served",
    );
  }

  #send(answer: WholeResponse): void {
    sendAnswer(this.#incoming, this.response, answer, this.#request.body !== null);
  }

  #ownOrigin(): boolean {
    return isOwnOrigin(this.#request, this.#gate);
  }

  /** Nothing should throw; what does must not leave the client without an answer, or with the upstream's. */
  fail(error: unknown): void {
    const line = () => ({ ...labelOf(this.#request, null), ...failureFacts(error) });
    logRateLimited(this.#gate.log, "error", "serving", line, "serving failed");
    if (this.response.headersSent) this.response.destroy();
    else this.#send(errorResponse(policyUnavailable, this.#request, this.#ownOrigin()));
  }
}

function visit(
  gate: NodeGate,
  incoming: IncomingMessage,
  response: ServerResponse,
  options: VisitOptions,
): void {
  const visit = new Visit(gate, incoming, response, options);
  try {
    visit.begin();
  } catch (error) {
    visit.fail(error);
  }
}

/**
 * The door on node:http: serves one request to an instance. The decision, what goes on and what comes back
 * are those of every other door; only the bytes take a shorter way.
 *
 * @param expectsContinue the client waits for 100 before it sends its body; it gets it once it is let in
 */
export function serveNode(
  gate: NodeGate,
  incoming: IncomingMessage,
  response: ServerResponse,
  expectsContinue: boolean,
): void {
  visit(gate, incoming, response, { expectsContinue, upgrade: null });
}

/** An answer on a connection that node:http has taken off its parser; it ends the connection. */
export function lastResponse(incoming: IncomingMessage, socket: Duplex): ServerResponse {
  const response = new ServerResponse(incoming);
  response.shouldKeepAlive = false;
  response.assignSocket(incoming.socket);
  socket.on("error", () => socket.destroy());
  socket.on("drain", () => response.emit("drain"));
  response.on("finish", () => socket.end());
  return response;
}

/**
 * Serves a request to open a WebSocket on an instance, which node:http has taken off its parser: decided
 * like any other request, then passed through as bytes. Every other answer ends the connection.
 *
 * @param early what the client has sent behind its head
 */
export function upgradeNode(gate: NodeGate, incoming: IncomingMessage, socket: Duplex, early: Buffer): void {
  visit(gate, incoming, lastResponse(incoming, socket), {
    expectsContinue: false,
    upgrade: { socket, early },
  });
}
