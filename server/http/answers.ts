import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";

/** Answers with a small JSON object that nobody may keep. */
export function answerJson(
  response: ServerResponse,
  status: number,
  body: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...headers,
  });
  response.end(response.req.method === "HEAD" ? undefined : text);
}

const pageTypes: ReadonlySet<string> = new Set(["text/html", "application/xhtml+xml"]);

/**
 * Whether whoever asks would show a page, and says so by its name: programs take anything. All others are told in JSON
 * (RFC 9110 §12.5.1).
 */
export function asksForPage({ headers }: Pick<IncomingMessage, "headers">): boolean {
  return (headers.accept ?? "").split(",").some((range) => {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    return pageTypes.has(type) && !parameters.some((each) => /^q=0(?:\.0*)?$/.test(each));
  });
}

/** Why a process cannot serve now; `ready` when it can. */
export type Readiness = "ready" | "stopping" | "database" | "migrations";

/** Answers a readiness probe. */
export function answerReadiness(response: ServerResponse, readiness: Readiness): void {
  if (readiness === "ready") answerJson(response, 200, { status: "ready" });
  else answerJson(response, 503, { status: "unavailable", reason: readiness }, { "retry-after": "2" });
}

/** Writes an answer where there is no response object: a small JSON object, and the end of the connection. */
export function rawAnswer(status: number, error: string): string {
  const body = JSON.stringify({ error });
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    "cache-control: no-store",
    "x-content-type-options: nosniff",
    "connection: close",
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}
