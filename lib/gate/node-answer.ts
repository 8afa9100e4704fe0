import type { IncomingMessage, ServerResponse } from "node:http";
import { endAtOnce } from "./end-at-once";
import { flatLines } from "./header-lines";
import { lingerOn } from "./linger";
import type { WholeResponse } from "./messages";

/**
 * Sends a whole answer. When the client has not sent its whole body, the connection ends with it: what
 * is left of the body could be endless, and nobody wants to read it.
 *
 * @param hasBody the request came with a body
 */
export function sendAnswer(
  incoming: IncomingMessage,
  response: ServerResponse,
  answer: WholeResponse,
  hasBody: boolean,
): void {
  if (response.headersSent || response.destroyed) return;
  const headers = flatLines(answer.headers);
  // Without a body, Node.js sets `complete` only after the request has been handed over.
  if (hasBody && !incoming.complete) {
    response.shouldKeepAlive = false;
    lingerOn(incoming);
  }
  response.writeHead(answer.status, headers);
  if (answer.body === null) response.end();
  else endAtOnce(response, bytesAsText(answer.body));
}

/** One character for each byte of the text in UTF-8; nearly always the text itself. */
function bytesAsText(text: string): string {
  return Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString("latin1");
}
