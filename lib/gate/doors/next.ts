import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { config } from "@/lib/config";
import type { RequestPath } from "@/lib/domain/instance-url";
import { client, rawUrlHeader, readHopHeader } from "../../net/client-address";
import { errorResponse, type GateError, policyUnavailable } from "../decide/denial";
import { judgeRequest, logRejection, type RequestJudge } from "../decide/judge";
import type { HeaderList, HeaderRecord } from "../headers";
import { releaseBody } from "../held-body";
import { failureFacts, labelOf, logRateLimited } from "../log";
import type { GateRequest, GateResponse } from "../messages";
import type { HostDirectory } from "../policy/host-directory";
import { type UpstreamPools, upstreamError } from "../proxy/pools";
import { type Downstream, RoundTrip } from "../proxy/round-trip";
import {
  isOwnOrigin,
  type UpstreamRequest,
  upstreamRequest,
  whyNotForwarded,
} from "../proxy/upstream-request";
import { responseHead } from "../proxy/upstream-response";
import { echo } from "./echo";

/** How the streams of this door end early; Next.js logs errors of any other name as its own failure. */
function brokenOff(cause: unknown): Error {
  const error = new Error("the body broke off", { cause });
  error.name = "AbortError";
  return error;
}

/**
 * Reads a web stream as a Node.js one, at the pace of its reader. Destroying it does not cancel the web
 * stream, which would close the client's connection before it has read an early answer; what the client
 * still sends is read and dropped.
 */
export function readableFromWeb(stream: ReadableStream<Uint8Array>): Readable {
  const reader = stream.getReader();
  const drop = async () => {
    while (!(await reader.read()).done);
  };
  return new Readable({
    read() {
      reader.read().then(
        ({ done, value }) => this.push(done ? null : value),
        (error) => this.destroy(brokenOff(error)),
      );
    },
    destroy(error, callback) {
      drop().catch(() => {});
      callback(error);
    },
  });
}

/** Bytes the client may be behind before the upstream is made to wait. */
const windowBytes = 64 * 1024;

/**
 * Offers a Node.js stream as a web one, at the pace of its reader. A broken stream stays broken: its
 * reader sees an error, never an end.
 */
export function webFromReadable(body: Readable): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        // Next.js sends the head with the first chunk; a stream of events may be silent for long.
        controller.enqueue(new Uint8Array(0));
        body.on("data", (chunk: Uint8Array) => {
          controller.enqueue(chunk);
          if ((controller.desiredSize ?? 0) <= 0) body.pause();
        });
        body.on("end", () => controller.close());
        body.on("error", (error) => controller.error(brokenOff(error)));
        body.pause();
      },
      pull() {
        body.resume();
      },
      cancel() {
        body.on("error", () => {}).destroy();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: windowBytes }),
  );
}

/** The target as sent where the process in front vouches for it, else as Next.js normalised it. */
function targetOf(request: Request): string {
  const raw = readHopHeader(request.headers.get(rawUrlHeader));
  if (raw !== null) return raw;
  const { pathname, search } = new URL(request.url);
  return pathname + search;
}

/** The scheme that the configuration fixes; null when each request tells. */
function pinnedProtocol(): "http" | "https" | null {
  const pinned = config().gateUrl ?? config().url;
  if (!pinned) return null;
  return pinned.startsWith("https:") ? "https" : "http";
}

/** Whether the client announced a body (RFC 9112 §6.3). */
function announcesBody(headers: Headers): boolean {
  return headers.has("transfer-encoding") || Number(headers.get("content-length") ?? 0) > 0;
}

/** Reads a web request as the gate knows requests. A web request cannot carry the body of a GET or HEAD. */
export function fromWebRequest(request: Request): GateRequest {
  const { headers, method } = request;
  const { address, host, protocol } = client(headers);
  const announced = announcesBody(headers);
  return {
    id: randomUUID(),
    method,
    target: targetOf(request),
    headers: [...headers].flat(),
    body: announced && request.body ? readableFromWeb(request.body) : null,
    bodyOutOfReach: announced && request.body === null,
    clientAddress: address,
    host,
    protocol: pinnedProtocol() ?? protocol,
  };
}

/** `x-middleware-*` in a response is an instruction to Next.js, which no upstream may give. */
const frameworkPrefix = "x-middleware-";

function titleCase(name: string): string {
  return name.replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

/**
 * Next.js copies a response's headers by `forEach`, and leaves out `content-length` and
 * `content-encoding`, because with `fetch` they may describe another body. Here they describe this one,
 * so `forEach` names them in another case, which HTTP does not distinguish (RFC 9110 §5.1). Lines of one
 * name are joined (§5.3), because Next.js keeps the first only; cookies cannot be joined and are not.
 */
class WireHeaders extends Headers {
  override forEach(
    callback: (value: string, name: string, parent: Headers) => void,
    thisArg?: unknown,
  ): void {
    for (const [name, value] of this) callback.call(thisArg, value, titleCase(name), this);
  }
}

function wireHeaders(lines: HeaderList): Headers {
  const headers = new WireHeaders();
  for (let at = 0; at < lines.length; at += 2) {
    const name = lines[at] ?? "";
    if (!name.startsWith(frameworkPrefix)) headers.append(name, lines[at + 1] ?? "");
  }
  return headers;
}

/**
 * Writes an answer as a web response. The class `Response` allows fewer statuses than HTTP does and
 * fills in a content type; upstreams decide about both.
 */
export function toWebResponse({ status, statusText, headers, body }: GateResponse): Response {
  const content = body === null || typeof body === "string" ? body : webFromReadable(body);
  const response = new Response(content);
  return Object.defineProperties(response, {
    status: { value: status },
    statusText: { value: statusText },
    headers: { value: wireHeaders(headers) },
  });
}

/** What serving needs from its surroundings. */
export interface Gate extends Omit<RequestJudge, "directory"> {
  /** What the database has about the host name of a request right now; absent where only the contract's path names instances. */
  readonly readDirectory?: (host: string | null) => Promise<HostDirectory | undefined>;
  /** Host name that serves instances and nothing else, at any port; null when the dashboard shares theirs. */
  readonly ownHostName: string | null;
  readonly pools: Pick<UpstreamPools, "dispatch">;
}

/** An upstream's answer as a head and a stream, for servers that take answers whole. */
class StreamedAnswer implements Downstream {
  readonly #ownOrigin: boolean;
  readonly #request: UpstreamRequest;
  readonly #roundTrip: RoundTrip;
  readonly #answer = Promise.withResolvers<GateResponse>();
  #body: Readable | null = null;

  constructor(pools: Gate["pools"], request: UpstreamRequest, ownOrigin: boolean) {
    this.#request = request;
    this.#ownOrigin = ownOrigin;
    this.#roundTrip = new RoundTrip(pools, request, this);
  }

  /**
   * Sends the request on. When the upstream breaks off, the body errors, so that no server ends it as if complete.
   *
   * @param signal fires when the client is gone
   * @throws Error when there is no answer; `upstreamError` says what to tell the client
   */
  async read(signal: AbortSignal): Promise<GateResponse> {
    const leave = () => {
      this.#roundTrip.abort();
      this.#body?.destroy(brokenOff(signal.reason));
      this.#answer.reject(brokenOff(signal.reason));
    };
    signal.addEventListener("abort", leave, { once: true });
    this.#roundTrip.start();
    if (signal.aborted) leave();
    return this.#answer.promise;
  }

  /** A response of this kind has no room for it. */
  interim(): void {}

  head(status: number, statusText: string, headers: HeaderRecord, hasBody: boolean): void {
    const { sides, tokenHeader } = this.#request;
    const head = responseHead(status, statusText, headers, {
      ownOrigin: this.#ownOrigin,
      sides,
      tokenHeader,
    });
    if (hasBody) {
      this.#body = new Readable({
        highWaterMark: windowBytes,
        read: () => this.#roundTrip.resume(),
        destroy: (error, callback) => {
          this.#roundTrip.abort();
          callback(error);
        },
      }).on("error", () => {});
    }
    this.#answer.resolve({ ...head, body: this.#body });
  }

  data(chunk: Buffer): boolean {
    return this.#body?.push(chunk) ?? true;
  }

  end(): void {
    this.#body?.push(null);
  }

  failed(error: Error): void {
    this.#answer.reject(error);
  }

  brokeOff(error: Error): void {
    this.#body?.destroy(error);
  }
}

/**
 * Serves one request to an instance, from facts to answer. Never rejects and never lets a request
 * through on an error: what breaks before the decision is a 503, what breaks behind it a 502 or 504.
 *
 * @param signal fires when the client is gone
 */
export async function serve(request: GateRequest, gate: Gate, signal: AbortSignal): Promise<GateResponse> {
  const { ownHostName } = gate;
  let ownOrigin = isOwnOrigin(request, ownHostName);
  let path: RequestPath | null = null;
  let held: GateRequest["body"] = null;
  const refuse = (error: GateError): GateResponse => {
    releaseBody(held);
    logRejection(gate.log, request, path, error);
    return errorResponse(error, request, ownOrigin);
  };
  try {
    const directory = await gate.readDirectory?.(request.host);
    // The dashboard is on no host that is an instance's.
    ownOrigin ||= directory?.owns(request.host) ?? false;
    const judged = await judgeRequest(request, { ...gate, ...(directory && { directory }) });
    path = judged.path;
    if (judged.kind === "reject") return refuse(judged.error);
    const { request: onward } = judged;
    held = onward.body;
    const refusal = whyNotForwarded(onward, judged.policy);
    if (refusal) return refuse(refusal);
    const upstream = upstreamRequest(onward, judged, { ownHostName, ownOrigin, upgrade: false });
    if (upstream.origin === "") return await echo(onward, judged.path, upstream.headers, ownOrigin);
    try {
      return await new StreamedAnswer(gate.pools, upstream, ownOrigin).read(signal);
    } catch (error) {
      const outcome = signal.aborted ? "the client left" : "the upstream did not answer";
      const line = () => ({ ...labelOf(request, path), ...failureFacts(error) });
      logRateLimited(gate.log, "info", outcome, line, outcome);
      return refuse(upstreamError(error));
    }
  } catch (error) {
    gate.log.error({ ...labelOf(request, path), ...failureFacts(error) }, "serving failed");
    return refuse(policyUnavailable);
  }
}
