import type { IncomingMessage, ServerResponse } from "node:http";
import { canonicalAddress } from "@/lib/domain/address-list";
import { internalHeaderPrefix, isOurField } from "@/lib/domain/forwarded-headers";
import { languageCookie, parseLanguage } from "@/lib/domain/preferences";
import { type ForwardOutcome, NodeDownstream } from "@/lib/gate/doors/node-downstream";
import { ClientBody, receivedHeaders, sendAnswer } from "@/lib/gate/doors/node-messages";
import { type HeaderRecord, headerField, isEndToEnd, namedByConnection } from "@/lib/gate/headers";
import type { WholeResponse } from "@/lib/gate/messages";
import type { UpstreamPools } from "@/lib/gate/proxy/pools";
import { awayWords } from "@/lib/i18n/away";
import { negotiateLocale } from "@/lib/i18n/negotiate";
import { hopHeader, peerHeader } from "@/lib/net/client-address";
import { asksForPage } from "../http/answers";
import { announcesBody } from "../http/request-head";

/**
 * Answers of the dashboard that end only when someone ends them: the live events of open pages. Nothing is
 * lost with them, for the pages come back by themselves, so draining must not wait.
 */
export class EventStreams {
  readonly #open = new Set<ServerResponse>();

  /** Takes note of an answer if it is a stream of events. */
  note(response: ServerResponse, headers: HeaderRecord): void {
    if (!String(headers["content-type"]).startsWith("text/event-stream")) return;
    this.#open.add(response);
    response.once("close", () => this.#open.delete(response));
  }

  /** Ends all of them. */
  close(): void {
    for (const response of this.#open) response.destroy();
  }
}

/** Where everything goes that is not for an instance. */
export interface DashboardUpstream {
  readonly origin: string;
  readonly pools: UpstreamPools;
  readonly streams: EventStreams;
}

/**
 * The request's own headers, `Host` among them, without those that only Latchkey may say; and who the
 * other end is, in a statement that the dashboard believes.
 */
function dashboardHeaders(incoming: IncomingMessage, hasBody: boolean): string[] {
  const peer = incoming.socket.remoteAddress ?? "";
  const received = receivedHeaders(incoming);
  const named = namedByConnection(received);
  // First: what the dashboard decides by must never be what a long head pushes out.
  const headers = [peerHeader, hopHeader(canonicalAddress(peer) ?? peer)];
  for (let at = 0; at < received.length; at += 2) {
    const field = headerField(received[at] ?? "");
    const { name, merged } = field;
    const value = received[at + 1] ?? "";
    if (!isEndToEnd(field, named) || merged === "expect" || merged.startsWith(internalHeaderPrefix)) continue;
    // What proxies say counts in the dashboard under its own name only.
    if (merged !== name && isOurField(merged)) continue;
    if (merged !== "content-length" || hasBody || value === "0") headers.push(name, value);
  }
  return headers;
}

/** A request for the dashboard, passed on to it; while that does not answer, a friendly page does. */
class DashboardRequest extends NodeDownstream {
  readonly #dashboard: DashboardUpstream;
  readonly #incoming: IncomingMessage;
  readonly #hasBody: boolean;

  constructor(dashboard: DashboardUpstream, incoming: IncomingMessage, response: ServerResponse) {
    super(response);
    this.#dashboard = dashboard;
    this.#incoming = incoming;
    this.#hasBody = announcesBody(incoming);
  }

  serve(): void {
    const incoming = this.#incoming;
    const request = {
      origin: this.#dashboard.origin,
      target: incoming.url ?? "/",
      method: incoming.method ?? "GET",
      headers: dashboardHeaders(incoming, this.#hasBody),
      body: this.#hasBody ? new ClientBody(incoming) : null,
      upgrade: false,
      firstByteMs: null,
      sides: null,
      tokenHeader: null,
    };
    this.forward(this.#dashboard.pools, request, { ownOrigin: true, requestHeaders: [] });
  }

  override head(status: number, statusText: string, headers: HeaderRecord, hasBody: boolean): void {
    this.#dashboard.streams.note(this.response, headers);
    super.head(status, statusText, headers, hasBody);
  }

  failed(): void {
    sendAnswer(this.#incoming, this.response, unavailableAnswer(this.#incoming), this.#hasBody);
  }

  protected ended(_outcome: ForwardOutcome): void {}
}

/** Passes a request on to the dashboard. */
export function proxyToDashboard(
  dashboard: DashboardUpstream,
  incoming: IncomingMessage,
  response: ServerResponse,
  expectsContinue: boolean,
): void {
  if (expectsContinue) response.writeContinue();
  new DashboardRequest(dashboard, incoming, response).serve();
}

const error = "Dashboard unavailable";
const retryAfterSeconds = 3;

const languageOfCookie = new RegExp(`(?:^|;)\\s*${languageCookie}=([^;]*)`);

/** What people read while the dashboard does not answer; this page must not need anything of it. */
function unavailablePage({ headers }: IncomingMessage): string {
  const chosen = parseLanguage(languageOfCookie.exec(headers.cookie ?? "")?.[1]);
  const { language } = negotiateLocale(headers["accept-language"] ?? null, chosen);
  const { title, text, calm } = awayWords[language];
  return `<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="${retryAfterSeconds}">
<title>${title} · Latchkey</title>
<style>
body{margin:0;min-height:100vh;display:grid;place-items:center;font:16px/1.5 system-ui,sans-serif}
main{max-width:26rem;padding:2rem}h1{font-size:1.5rem;margin:0 0 .5rem}p{margin:.5rem 0;opacity:.75}
</style>
<main><h1>${title}</h1><p>${text}</p><p>${calm}</p></main>
</html>
`;
}

/** The answer to everything that is the dashboard's while it does not answer: a page, or JSON for programs. */
function unavailableAnswer(incoming: IncomingMessage): WholeResponse {
  const asPage = !incoming.url?.startsWith("/api/") && asksForPage(incoming);
  const body = asPage ? unavailablePage(incoming) : JSON.stringify({ error });
  const headers = {
    "content-type": asPage ? "text/html; charset=utf-8" : "application/json",
    "content-length": String(Buffer.byteLength(body)),
    "cache-control": "no-store",
    "retry-after": String(retryAfterSeconds),
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
  };
  return {
    status: 503,
    statusText: "",
    headers: Object.entries(headers).flat(),
    body: incoming.method === "HEAD" ? null : body,
  };
}
