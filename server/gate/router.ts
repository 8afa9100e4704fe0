import { IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { isInstanceTarget } from "@/lib/domain/instance-url";
import { lastResponse, type NodeGate, serveNode, upgradeNode } from "@/lib/gate/doors/node";
import { requestedHost } from "@/lib/gate/doors/node-messages";
import { logRateLimited } from "@/lib/gate/log";
import { answerJson, answerReadiness, type Readiness } from "../http/answers";
import { type HeadRejection, rejectInvalidHeads, validateHead } from "../http/request-head";
import { isOnGateHost, normalizeTarget, notFound, type OwnOrigins } from "../http/request-target";
import type { SeenPeers } from "../http/seen-peers";
import { type DashboardUpstream, proxyToDashboard } from "./dashboard-proxy";

/**
 * A request that asks for another protocol only where that can be served: WebSocket on an instance. Any
 * other offer to upgrade is ignored and the request served as it is (RFC 9110 §7.8); node:http would
 * otherwise take every one of them off its parser as soon as anybody listens for upgrades.
 */
export class UpgradableRequest extends IncomingMessage {
  /** Whether a request is for an instance though its path does not say so. */
  static isInstances: (incoming: IncomingMessage) => boolean = () => false;

  /** Not private: the constructor of the base class writes `upgrade` already. */
  protected offersUpgrade = false;

  /** Written by the parser, read by the server once the head is complete. */
  set upgrade(offers: boolean) {
    this.offersUpgrade = offers;
  }

  get upgrade(): boolean {
    if (!this.offersUpgrade) return false;
    // node:http takes it off its parser in any case.
    if (this.method === "CONNECT") return true;
    // Clients of HTTP/1.0 cannot ask for another protocol (RFC 9110 §7.8).
    if (this.httpVersion === "1.0") return false;
    const isWebSocket = this.headers.upgrade?.toLowerCase() === "websocket";
    if (!isWebSocket || this.method !== "GET") return false;
    return isInstanceTarget(this.url ?? "") || UpgradableRequest.isInstances(this);
  }
}

/** What stands behind the port. */
interface RouterOptions {
  readonly gate: NodeGate;
  /** null: this gate stands alone. */
  readonly dashboard: DashboardUpstream | null;
  readonly places: OwnOrigins;
  readonly readiness: () => Readiness;
  readonly seen: SeenPeers;
}

/** Notes it in the log, by the address of the other end: what such a request says of itself counts for nothing. */
function logInvalidHead(
  { log }: NodeGate,
  { socket }: IncomingMessage,
  { status, error }: HeadRejection,
): void {
  logRateLimited(
    log,
    "info",
    "unfit",
    () => ({ status, error, peer: socket.remoteAddress }),
    "refused unread",
  );
}

/** Serves a request to open a WebSocket, which only instances can. */
export function upgradeRouter({ gate, places }: RouterOptions) {
  const isInstanceHost = (host: string) => gate.directory?.owns(host) === true;
  return (incoming: IncomingMessage, socket: Duplex, early: Buffer): void => {
    const invalid = validateHead(incoming);
    if (invalid) logInvalidHead(gate, incoming, invalid);
    const rejection = invalid ?? normalizeTarget(incoming, places, isInstanceHost);
    if (rejection) {
      answerJson(lastResponse(incoming, socket), rejection.status, { error: rejection.error });
    } else {
      upgradeNode(gate, incoming, socket, early);
    }
  };
}

/** Whether a host name alone makes a request an instance's. Without any such name this is one look at a boolean. */
export function isUnderInstanceHost({ directory }: NodeGate, incoming: IncomingMessage): boolean {
  return directory?.any === true && directory.owns(requestedHost(incoming));
}

/** Sends each request where it belongs: to an instance, to a probe, or to the dashboard. */
export function requestRouter(parts: RouterOptions) {
  const { gate, dashboard, places, readiness, seen } = parts;
  const isInstanceHost = (host: string) => gate.directory?.owns(host) === true;
  const isRejected = rejectInvalidHeads((incoming, rejection) => logInvalidHead(gate, incoming, rejection));
  return (incoming: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void => {
    if (readiness() === "stopping") response.shouldKeepAlive = false;
    // Of a coding in HTTP/1.0, two servers could see different ends (RFC 9112 §6.1).
    if (incoming.httpVersion === "1.0" && incoming.headers["transfer-encoding"] !== undefined)
      response.shouldKeepAlive = false;
    if (isRejected(incoming, response)) return;
    const misaddressed = normalizeTarget(incoming, places, isInstanceHost);
    if (misaddressed) {
      answerJson(response, misaddressed.status, { error: misaddressed.error });
      return;
    }
    const target = incoming.url ?? "/";
    if (isInstanceTarget(target) || (target !== "*" && isUnderInstanceHost(gate, incoming))) {
      seen.note(incoming);
      serveNode(gate, incoming, response, expectsContinue);
      return;
    }
    const path = target.split("?", 1)[0];
    if (target === "*") response.writeHead(204).end();
    else if (path === "/healthz") answerJson(response, 200, { status: "ok" });
    else if (path === "/readyz") answerReadiness(response, readiness());
    else if (dashboard && !isOnGateHost(incoming, places)) {
      seen.note(incoming);
      proxyToDashboard(dashboard, incoming, response, expectsContinue);
    } else answerJson(response, notFound.status, { error: notFound.error });
  };
}
