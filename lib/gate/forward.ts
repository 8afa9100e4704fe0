import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import type { HeaderLine } from "@/lib/domain/forwarded-headers";
import { flatLines, pairLines } from "./header-lines";
import type { GateRequest, GateResponse } from "./messages";
import { answerHead, hasBody, refuseSwitch } from "./upstream-head";

/** A request as it goes on. */
export interface Onward {
  readonly origin: string;
  readonly target: string;
  readonly headers: readonly HeaderLine[];
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
  { origin, target, headers }: Onward,
  options: { dispatcher: Pick<Dispatcher, "request">; ownOrigin: boolean },
): Promise<GateResponse> {
  const answer = await options.dispatcher.request({
    origin,
    path: target,
    method: request.method,
    headers: flatLines(headers),
    body: request.body,
    signal: request.signal,
    responseHeaders: "raw",
    onInfo: ({ statusCode: interim }) => refuseSwitch(interim),
  });
  const { statusCode, statusText, body } = answer;
  try {
    // With `responseHeaders: "raw"` this is the flat list of names and values, whatever its type says.
    const lines = pairLines(answer.headers as unknown as string[]);
    const head = answerHead(statusCode, statusText, lines, options);
    return { ...head, body: hasBody(request.method, statusCode) ? body : discard(body) };
  } catch (error) {
    body.on("error", () => {}).destroy();
    throw error;
  }
}
