import type { ServerResponse } from "node:http";

/** What node:http keeps of an answer whose head is set and not sent yet. */
interface Unsent {
  _header?: unknown;
  _headerSent?: unknown;
  chunkedEncoding?: unknown;
}

/**
 * Ends an answer whose head is set and not sent yet. `end(body)` hands the system three pieces, an empty
 * one among them, which costs a tenth of a whole exchange; here the body is joined to the head, which
 * node:http holds as text until then, and one piece leaves. Where that is not so, `end` does it.
 *
 * @param body one character for each byte; its length must be what the head says
 */
export function endAtOnce(response: ServerResponse, body: string): void {
  const unsent = response as ServerResponse & Unsent;
  const joinable =
    typeof unsent._header === "string" && unsent._headerSent === false && unsent.chunkedEncoding === false;
  if (!joinable) {
    response.end(body, "latin1");
    return;
  }
  unsent._header += body;
  response.end();
}
