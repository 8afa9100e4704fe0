import { IncomingMessage } from "node:http";
import { isInstanceTarget } from "../dashboard/instance-target";

/** Whether a request says that a body follows (RFC 9112 §6.3). */
export function announcesBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/**
 * A request that asks for another protocol only where that can be served: WebSocket on an instance. Any
 * other offer to upgrade is ignored and the request served as it is (RFC 9110 §7.8); node:http would
 * otherwise take every one of them off its parser as soon as anybody listens for upgrades.
 */
export class FrontRequest extends IncomingMessage {
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
    return isWebSocket && this.method === "GET" && isInstanceTarget(this.url ?? "");
  }
}
