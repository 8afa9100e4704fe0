import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import type { HeaderLine } from "@/lib/domain/forwarded-headers";
import type { RequestPath } from "@/lib/domain/request-path";
import { pairLines } from "./header-lines";
import type { GateRequest, GateResponse } from "./messages";
import { clientHeaders } from "./response-headers";

/** Statuses without a body, whatever the headers say (RFC 9110 §6.4.1, §15.3.6). */
const bodyless: ReadonlySet<number> = new Set([204, 205, 304]);

/** The request target for an upstream: its base path, then what the client sent, byte for byte. */
export function upstreamTarget(base: URL, path: RequestPath): string {
  const target = base.pathname.replace(/\/+$/, "") + path.rest;
  return (target === "" ? "/" : target) + path.query;
}

/** Their length could only be 0, so one that says otherwise must not reach a client that waits for it. */
const lengthless: ReadonlySet<number> = new Set([204, 205]);

/** A reason phrase that can be sent again (RFC 9112 §4); it means nothing, so it may as well be left out. */
const reasonPhrase = /^[\t\x20-\x7e\x80-\xff]*$/;

/** A coding other than chunked would pass as content, since the gate never asked for one (`TE`). */
function hasForeignCoding(lines: readonly HeaderLine[]): boolean {
  return lines.some(
    ([name, value]) => name === "transfer-encoding" && value.trim().toLowerCase() !== "chunked",
  );
}

function discard(body: Readable): null {
  body.on("error", () => {}).resume();
  return null;
}

/**
 * Sends a request on and answers with the head of the upstream's response; its body follows as it comes.
 * Redirects are answers like any other. When the client is gone, the exchange with the upstream ends;
 * when the upstream breaks off, the returned stream errors, so that no door ends it as if complete.
 *
 * @throws Error when there is no answer; `upstreamError` says what to tell the client
 */
export async function forward(
  request: GateRequest,
  path: RequestPath,
  upstreamUrl: string,
  headers: readonly HeaderLine[],
  options: { dispatcher: Pick<Dispatcher, "request">; ownOrigin: boolean },
): Promise<GateResponse> {
  const base = new URL(upstreamUrl);
  const answer = await options.dispatcher.request({
    origin: base.origin,
    path: upstreamTarget(base, path),
    method: request.method,
    headers: headers.flat(),
    body: request.body,
    signal: request.signal,
    responseHeaders: "raw",
  });
  // With `responseHeaders: "raw"` this is the flat list of names and values, whatever its type says.
  const lines = pairLines(answer.headers as unknown as string[]);
  if (hasForeignCoding(lines)) {
    answer.body.on("error", () => {}).destroy();
    throw new Error("the upstream used a transfer coding it was not asked for");
  }
  const { statusCode: status, statusText, body } = answer;
  const kept = lengthless.has(status) ? lines.filter(([name]) => name !== "content-length") : lines;
  return {
    status,
    statusText: reasonPhrase.test(statusText) ? statusText : "",
    headers: clientHeaders(kept, { ownOrigin: options.ownOrigin }),
    body: request.method === "HEAD" || bodyless.has(status) ? discard(body) : body,
  };
}
