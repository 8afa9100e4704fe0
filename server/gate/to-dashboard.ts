import type { IncomingMessage, ServerResponse } from "node:http";
import { canonicalAddress } from "@/lib/domain/address-list";
import { type HeaderLine, internalHeaderPrefix, isOurField } from "@/lib/domain/forwarded-headers";
import { ClientBody } from "@/lib/gate/client-body";
import { Exchange } from "@/lib/gate/exchange";
import { endToEnd, pairLines } from "@/lib/gate/header-lines";
import { sendAnswer } from "@/lib/gate/node-answer";
import { answerHead } from "@/lib/gate/upstream-head";
import type { UpstreamPools } from "@/lib/gate/upstream-pools";
import { hopHeader, peerHeader } from "@/lib/net/client-address";
import { dashboardAway } from "./dashboard-away";
import { announcesBody } from "./incoming";
import type { LiveStreams } from "./live-streams";

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
