import type { IncomingMessage } from "node:http";
import type { HeaderLine } from "@/lib/domain/forwarded-headers";
import type { WholeResponse } from "@/lib/gate/messages";

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
export function dashboardAway(incoming: IncomingMessage): WholeResponse {
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
