import type { IncomingMessage, ServerResponse } from "node:http";
import { canonicalAddress } from "@/lib/domain/address-list";
import { type HeaderLine, internalHeaderPrefix, isOurField } from "@/lib/domain/forwarded-headers";
import { ClientBody, sendAnswer } from "@/lib/gate/doors/node-messages";
import { endToEnd, pairLines, type WholeResponse } from "@/lib/gate/messages";
import { Exchange } from "@/lib/gate/proxy/exchange";
import { answerHead, type UpstreamPools } from "@/lib/gate/proxy/upstream";
import { hopHeader, peerHeader } from "@/lib/net/client-address";
import { announcesBody } from "../request-head";

/**
 * Answers of the dashboard that end only when someone ends them: the live events of open pages. Nothing is
 * lost with them, for the pages come back by themselves, so draining must not wait.
 */
export class LiveStreams {
  readonly #open = new Set<ServerResponse>();

  /** Takes note of an answer if it is a stream of events. */
  note(response: ServerResponse, headers: readonly HeaderLine[]): void {
    const isStream = headers.some(
      ([name, value]) => name.toLowerCase() === "content-type" && value.startsWith("text/event-stream"),
    );
    if (!isStream) return;
    this.#open.add(response);
    response.once("close", () => this.#open.delete(response));
  }

  /** Ends all of them. */
  close(): void {
    for (const response of this.#open) response.destroy();
  }
}

/** Where everything goes that is not for an instance. */
export interface DashboardPlace {
  readonly origin: string;
  readonly pools: UpstreamPools;
  readonly streams: LiveStreams;
}

/**
 * The request's own headers, `Host` among them, without those that only Latchkey may say; and who the
 * other end is, in a statement that the dashboard believes.
 */
function onwardHeaders(incoming: IncomingMessage, hasBody: boolean): HeaderLine[] {
  const peer = incoming.socket.remoteAddress ?? "";
  const headers = endToEnd(pairLines(incoming.rawHeaders), (merged, [name, value]) => {
    if (merged === "expect" || merged.startsWith(internalHeaderPrefix)) return false;
    // What proxies say counts in the dashboard under its own name only.
    if (merged !== name && isOurField(merged)) return false;
    return merged !== "content-length" || hasBody || value === "0";
  });
  // First: what the dashboard decides by must never be what a long head pushes out.
  return [[peerHeader, hopHeader(canonicalAddress(peer) ?? peer)], ...headers];
}

/** Passes a request on to the dashboard; while that does not answer, a friendly page does. */
export function toDashboard(
  { origin, pools, streams }: DashboardPlace,
  incoming: IncomingMessage,
  response: ServerResponse,
  expectsContinue: boolean,
): void {
  const hasBody = announcesBody(incoming);
  if (expectsContinue) response.writeContinue();
  new Exchange({
    pools,
    onward: {
      origin,
      target: incoming.url ?? "/",
      headers: onwardHeaders(incoming, hasBody),
      firstByteMs: null,
      sides: null,
    },
    method: incoming.method ?? "GET",
    body: hasBody ? new ClientBody(incoming) : null,
    response,
    head: (status, statusText, lines) => {
      streams.note(response, lines);
      return answerHead(status, statusText, lines, { ownOrigin: true, sides: null });
    },
    trailers: () => [],
    upgrades: false,
    upgraded: (_head, upstream) => upstream.destroy(),
    failed: () => sendAnswer(incoming, response, dashboardAway(incoming), hasBody),
    ended: () => {},
  }).start();
}

/** What people read while the dashboard does not answer; this page must not need anything of it. */
const text = {
  language: "en",
  title: "The dashboard is starting",
  lede: "It did not answer just now. This page tries again by itself.",
  calm: "Requests to your instances are served all the time.",
} as const;

const error = "Dashboard unavailable";
const retryAfterSeconds = 3;

const page = `<!doctype html>
<html lang="${text.language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="${retryAfterSeconds}">
<title>${text.title} · Latchkey</title>
<style>
body{margin:0;min-height:100vh;display:grid;place-items:center;font:16px/1.5 system-ui,sans-serif}
main{max-width:26rem;padding:2rem}h1{font-size:1.5rem;margin:0 0 .5rem}p{margin:.5rem 0;opacity:.75}
</style>
<main><h1>${text.title}</h1><p>${text.lede}</p><p>${text.calm}</p></main>
</html>
`;

function wantsPage({ url = "/", headers }: IncomingMessage): boolean {
  return !url.startsWith("/api/") && (headers.accept ?? "").includes("text/html");
}

/** The answer to everything that is the dashboard's while it does not answer: a page, or JSON for programs. */
function dashboardAway(incoming: IncomingMessage): WholeResponse {
  const asPage = wantsPage(incoming);
  const body = asPage ? page : JSON.stringify({ error });
  const headers: HeaderLine[] = [
    ["content-type", asPage ? "text/html; charset=utf-8" : "application/json"],
    ["content-length", String(Buffer.byteLength(body))],
    ["cache-control", "no-store"],
    ["retry-after", String(retryAfterSeconds)],
    ["content-security-policy", "default-src 'none'; style-src 'unsafe-inline'"],
    ["x-content-type-options", "nosniff"],
    ["x-frame-options", "DENY"],
    ["referrer-policy", "no-referrer"],
  ];
  return { status: 503, statusText: "", headers, body: incoming.method === "HEAD" ? null : body };
}
