import type { IncomingMessage, ServerResponse } from "node:http";
import { type Admission, admit, isOwnOrigin, logRejection } from "./admit";
import { errorResponse, type GateError, policyUnavailable } from "./denial";
import { echo } from "./echo";
import { Exchange } from "./exchange";
import { failureFacts, labelOf, tellOften } from "./log";
import type { WholeResponse } from "./messages";
import { sendAnswer } from "./node-answer";
import type { NodeGate, Served, VisitOptions } from "./node-gate";
import { NodeRequest } from "./node-request";
import { trailerRules } from "./trailers";
import { joinSockets } from "./upgrade";
import { upstreamError } from "./upstream-error";
import { answerHead } from "./upstream-head";

/** One request on its way through the door on node:http. */
export class Visit {
  readonly #gate: NodeGate;
  readonly #incoming: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #request: NodeRequest;
  readonly #options: VisitOptions;
  readonly #startedAt = performance.now();

  constructor(gate: NodeGate, incoming: IncomingMessage, response: ServerResponse, options: VisitOptions) {
    this.#gate = gate;
    this.#incoming = incoming;
    this.#response = response;
    this.#options = options;
    this.#request = new NodeRequest(incoming);
  }

  begin(): void {
    const admission = admit(this.#request, this.#gate);
    if (admission instanceof Promise) void admission.then((later) => this.#act(later));
    else this.#act(admission);
  }

  #act(admission: Admission): void {
    if (this.#response.destroyed) this.#over("client_left", admission);
    else if (admission.kind === "refuse") this.#refuse(admission.error, admission);
    else {
      if (this.#options.expectsContinue) this.#response.writeContinue();
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
      this.#response.destroy();
      this.#over("client_left", admission);
    }
  }

  #forward(admission: Admission & { kind: "forward" }): void {
    const request = this.#request;
    const options = { ownOrigin: this.#ownOrigin() };
    const { upgrade } = this.#options;
    const { accountId, gathered } = admission;
    new Exchange({
      pools: this.#gate.pools,
      ...admission.onward,
      method: request.method,
      body: request.body,
      response: this.#response,
      head: (status, statusText, lines) => answerHead(status, statusText, lines, options),
      trailers: trailerRules(request.headers, options),
      upgraded: upgrade
        ? (head, upstream) => {
            joinSockets(upgrade, head, upstream, this.#response);
            this.#gate.tunnels.open({ client: upgrade.socket, upstream, accountId, gathered });
          }
        : null,
      failed: (error) => this.#failed(error, admission),
      ended: (outcome) => {
        if (outcome !== "failed") this.#over(outcome === "complete" ? "accepted" : outcome, admission);
      },
    }).start();
  }

  #failed(error: Error, admission: Admission & { kind: "forward" }): void {
    const told = () => ({ ...labelOf(this.#request, admission.gathered.path), ...failureFacts(error) });
    tellOften(this.#gate.log, "info", "upstream", told, "the upstream did not answer");
    this.#refuse(upstreamError(error), admission);
  }

  #over(outcome: Served["outcome"], admission: Admission): void {
    const durationMs = performance.now() - this.#startedAt;
    this.#gate.served({ outcome, durationMs });
    const { debug } = this.#gate.log;
    if (!debug) return;
    const path = admission.kind === "echo" ? admission.path : (admission.gathered?.path ?? null);
    debug(
      { ...labelOf(this.#request, path), status: this.#response.statusCode, outcome, durationMs },
      "served",
    );
  }

  #send(answer: WholeResponse): void {
    sendAnswer(this.#incoming, this.#response, answer, this.#request.body !== null);
  }

  #ownOrigin(): boolean {
    return isOwnOrigin(this.#request, this.#gate);
  }

  /** Nothing should throw; what does must not leave the client without an answer, or with the upstream's. */
  fail(error: unknown): void {
    const told = () => ({ ...labelOf(this.#request, null), ...failureFacts(error) });
    tellOften(this.#gate.log, "error", "serving", told, "serving failed");
    if (this.#response.headersSent) this.#response.destroy();
    else this.#send(errorResponse(policyUnavailable, this.#request, this.#ownOrigin()));
  }
}
