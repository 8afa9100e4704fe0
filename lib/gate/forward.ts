import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import type { HeaderLine } from "@/lib/domain/forwarded-headers";
import type { BothSides } from "@/lib/domain/reverse-url";
import { flatLines, pairLines } from "./header-lines";
import type { GateRequest, GateResponse } from "./messages";
import { answerHead, hasBody, refuseSwitch } from "./upstream-head";

/** A request as it goes on. */
export interface Onward {
  readonly origin: string;
  readonly target: string;
  readonly headers: readonly HeaderLine[];
  /** How long the upstream may take to begin its answer; null: as long as its pool says. */
  readonly firstByteMs: number | null;
  /** By which the answer is told in the caller's words; null for what is no instance. */
  readonly sides: BothSides | null;
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
  { origin, target, headers, firstByteMs, sides }: Onward,
  options: { dispatcher: Pick<Dispatcher, "request">; ownOrigin: boolean },
): Promise<GateResponse> {
  const answer = await options.dispatcher.request({
    origin,
    path: target,
    method: request.method,
    headers: flatLines(headers),
    body: request.body,
    signal: request.signal,
    headersTimeout: firstByteMs,
    responseHeaders: "raw",
    onInfo: ({ statusCode: interim }) => refuseSwitch(interim),
  });
  const { statusCode, statusText, body } = answer;
  try {
    // With `responseHeaders: "raw"` this is the flat list of names and values, whatever its type says.
    const lines = pairLines(answer.headers as unknown as string[]);
    const head = answerHead(statusCode, statusText, lines, { ownOrigin: options.ownOrigin, sides });
    return { ...head, body: hasBody(request.method, statusCode) ? body : discard(body) };
  } catch (error) {
    body.on("error", () => {}).destroy();
    throw error;
  }
}
