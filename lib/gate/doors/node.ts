import { type IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { RequestPath } from "@/lib/domain/instance-url";
import { errorResponse, type GateError, nothingThere, policyUnavailable } from "../decide/denial";
import {
  type JudgedRequest,
  judgeRequest,
  logRejection,
  type PassedRequest,
  type RequestJudge,
} from "../decide/judge";
import type { HeaderRecord } from "../headers";
import { releaseBody } from "../held-body";
import { failureFacts, labelOf, logRateLimited } from "../log";
import type { WholeResponse } from "../messages";
import { type UpstreamPools, upstreamError } from "../proxy/pools";
import { isOwnOrigin, upstreamRequest, whyNotForwarded } from "../proxy/upstream-request";
import { responseHead } from "../proxy/upstream-response";
import type { Tunnels } from "../websocket/tunnel";
import { handshakeError, joinSockets } from "../websocket/upgrade";
import { echo } from "./echo";
import { type ForwardOutcome, NodeDownstream } from "./node-downstream";
import { NodeRequest, sendAnswer } from "./node-messages";

/** How a request to an instance ended. */
export interface Served {
  readonly outcome: "accepted" | GateError["reason"] | Exclude<ForwardOutcome, "complete">;
  readonly durationMs: number;
}

/** What the door needs from its surroundings. */
export interface NodeGate extends RequestJudge {
  /** Host name that serves instances and nothing else, at any port; null when the dashboard shares theirs. */
  readonly ownHostName: string | null;
  readonly pools: UpstreamPools;
  readonly tunnels: Tunnels;
  /** Told once of each request that ended, for the metrics. */
  readonly served: (served: Served) => void;
}

/** What a WebSocket needs: the connection, taken off node:http, and what it has brought already. */
interface Upgrade {
  readonly socket: Duplex;
  readonly early: Buffer;
}

/** How a request came in. */
interface CallOptions {
  /** The client waits for 100 before it sends its body; it gets it once it is let in. */
  readonly expectsContinue: boolean;
  /** null: an ordinary request. */
  readonly upgrade: Upgrade | null;
}

/** One request to an instance, from its head to the end of its answer. */
class InstanceCall extends NodeDownstream {
  readonly #gate: NodeGate;
  readonly #incoming: IncomingMessage;
  readonly #request: NodeRequest;
  readonly #options: CallOptions;
  readonly #ownOrigin: boolean;
  readonly #startedAt = performance.now();
  #continued = false;
  #path: RequestPath | null = null;
  #passed: PassedRequest | null = null;

  constructor(gate: NodeGate, incoming: IncomingMessage, response: ServerResponse, options: CallOptions) {
    super(response);
    this.#gate = gate;
    this.#incoming = incoming;
    this.#options = options;
    const onBodyWanted = options.expectsContinue ? () => this.#wantBody() : undefined;
    this.#request = new NodeRequest(incoming, onBodyWanted);
    // The dashboard is on no host that is an instance's.
    this.#ownOrigin =
      isOwnOrigin(this.#request, gate.ownHostName) || (gate.directory?.owns(this.#request.host) ?? false);
  }

  /** Only the client that waits for it is told, and once. */
  #wantBody(): void {
    if (this.#options.expectsContinue && !this.#continued) this.response.writeContinue();
    this.#continued = true;
  }

  serve(): void {
    const judged = judgeRequest(this.#request, this.#gate);
    if (judged instanceof Promise) void judged.then((later) => this.#act(later));
    else this.#act(judged);
  }

  #act(judged: JudgedRequest): void {
    this.#path = judged.path;
    const left = this.response.destroyed;
    try {
      if (left) this.#served("client_left");
      else if (judged.kind === "reject") this.#reject(judged.error);
      else this.#pass(judged);
    } catch (error) {
      this.#fail(error);
    } finally {
      // What has gone on gives its memory back itself.
      if (judged.kind === "pass" && (left || this.#passed === null)) releaseBody(judged.request.body);
    }
  }

  #pass(passed: PassedRequest): void {
    const { upgrade } = this.#options;
    const { request } = passed;
    const refusal = whyNotForwarded(request, passed.policy) ?? (upgrade && this.#whyNoUpgrade(passed));
    if (refusal) {
      this.#reject(refusal);
      return;
    }
    const options = {
      ownHostName: this.#gate.ownHostName,
      ownOrigin: this.#ownOrigin,
      upgrade: upgrade !== null,
    };
    const upstream = upstreamRequest(request, passed, options);
    this.#wantBody();
    this.#passed = passed;
    if (upstream.origin === "") {
      void this.#echo(passed, upstream.headers);
      return;
    }
    this.forward(this.#gate.pools, upstream, {
      ownOrigin: this.#ownOrigin,
      requestHeaders: request.headers,
    });
  }

  /** A connection that stays open is judged again and again, so it has to be an instance's. */
  #whyNoUpgrade({ request, gathered }: PassedRequest): GateError | null {
    return gathered === null ? nothingThere : handshakeError(request);
  }

  async #echo({ request, path }: PassedRequest, headers: readonly string[]): Promise<void> {
    try {
      this.#send(await echo(request, path, headers, this.#ownOrigin));
      this.#served("accepted");
    } catch {
      // The client broke off its body.
      this.response.destroy();
      this.#served("client_left");
    }
  }

  #reject(error: GateError): void {
    logRejection(this.#gate.log, this.#request, this.#path, error);
    this.#send(errorResponse(error, this.#request, this.#ownOrigin));
    this.#served(error.reason);
  }

  failed(error: Error): void {
    const line = () => ({ ...labelOf(this.#request, this.#path), ...failureFacts(error) });
    logRateLimited(this.#gate.log, "info", "upstream", line, "the upstream did not answer");
    this.#reject(upstreamError(error));
  }

  upgraded(status: number, fields: HeaderRecord, upstream: Duplex): void {
    const { upgrade } = this.#options;
    const passed = this.#passed;
    if (upgrade === null || passed === null || passed.gathered === null) {
      upstream.destroy();
      return;
    }
    const head = responseHead(status, "", fields, this.answerOptions);
    this.#served("accepted");
    joinSockets(upgrade, head, upstream, this.response);
    const { accountId, instanceId } = passed.policy;
    const request = this.#request;
    this.#gate.tunnels.open({ client: upgrade.socket, upstream, accountId, instanceId, request });
  }

  protected ended(outcome: ForwardOutcome): void {
    this.#served(outcome === "complete" ? "accepted" : outcome);
  }

  #served(outcome: Served["outcome"]): void {
    const durationMs = performance.now() - this.#startedAt;
    this.#gate.served({ outcome, durationMs });
    const { debug } = this.#gate.log;
    if (!debug) return;
    const label = labelOf(this.#request, this.#path);
    debug({ ...label, status: this.response.statusCode, outcome, durationMs }, "served");
  }

  #send(answer: WholeResponse): void {
    sendAnswer(this.#incoming, this.response, answer, this.#request.body !== null);
  }

  /** Nothing should throw; what does must not leave the client without an answer, or with the upstream's. */
  #fail(error: unknown): void {
    const line = () => ({ ...labelOf(this.#request, this.#path), ...failureFacts(error) });
    logRateLimited(this.#gate.log, "error", "serving", line, "serving failed");
    if (this.response.headersSent) this.response.destroy();
    else this.#reject(policyUnavailable);
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
  new InstanceCall(gate, incoming, response, { expectsContinue, upgrade: null }).serve();
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
  const options = { expectsContinue: false, upgrade: { socket, early } };
  new InstanceCall(gate, incoming, lastResponse(incoming, socket), options).serve();
}
