import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Answer } from "./case";
import { type HeaderLine, pairLines, valuesOf } from "./case";

/** A request to be put on the wire exactly as it is, one character for each byte. */
export interface RawRequest {
  readonly method?: string | undefined;
  readonly target: string;
  readonly headers?: readonly HeaderLine[] | undefined;
  readonly body?: string | undefined;
}

/** Writes the head; Host and Connection are added unless given. */
export function rawHead({ method = "GET", target, headers = [] }: RawRequest, host: string): string {
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  const lines = [`${method} ${target} HTTP/1.1`];
  if (!given.has("host")) lines.push(`Host: ${host}`);
  if (!given.has("connection")) lines.push("Connection: close");
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function decodeChunks(text: string): string | null {
  let content = "";
  let rest = text;
  for (;;) {
    const end = rest.indexOf("\r\n");
    if (end < 0) return null;
    const size = Number.parseInt(rest.slice(0, end), 16);
    if (size === 0) return rest.includes("\r\n\r\n", end) ? content : null;
    if (rest.length < end + 2 + size + 2) return null;
    content += rest.slice(end + 2, end + 2 + size);
    rest = rest.slice(end + 2 + size + 2);
  }
}

/** Reads an answer once it is complete; null while it is not (RFC 9112 §6.3). */
function parseAnswer(text: string, method: string, ended: boolean): Answer | null {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const [statusLine = "", ...fields] = text.slice(0, end).split("\r\n");
  const status = Number(statusLine.split(" ")[1]);
  const rest = text.slice(end + 4);
  if (status >= 100 && status < 200) return parseAnswer(rest, method, ended);
  const headers = pairLines(
    fields.flatMap((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
  );
  const answer = (body: string): Answer => ({ status, headers, body });
  if (method === "HEAD" || status === 204 || status === 304) return answer("");
  if (valuesOf(headers, "transfer-encoding")[0] === "chunked") {
    const body = decodeChunks(rest);
    return body === null ? null : answer(body);
  }
  const [length] = valuesOf(headers, "content-length");
  if (length !== undefined)
    return rest.length < Number(length) ? null : answer(rest.slice(0, Number(length)));
  return ended ? answer(rest) : null;
}

/** Opens a connection to a base URL. */
export async function rawConnect(base: string): Promise<Socket> {
  const { hostname, port } = new URL(base);
  const socket = connect({ host: hostname, port: Number(port) });
  await once(socket, "connect");
  return socket;
}

/**
 * Sends one request and reads its answer.
 *
 * @throws Error when the connection ends before the answer is complete
 */
export async function rawExchange(base: string, request: RawRequest): Promise<Answer> {
  const socket = await rawConnect(base);
  try {
    socket.write(Buffer.from(rawHead(request, new URL(base).host) + (request.body ?? ""), "latin1"));
    return await new Promise((resolve, reject) => {
      let text = "";
      const settle = (ended: boolean) => {
        const answer = parseAnswer(text, request.method ?? "GET", ended);
        if (answer) resolve(answer);
        else if (ended) reject(new Error(`the answer broke off after ${text.length} bytes`));
      };
      socket.on("data", (chunk) => {
        text += chunk.toString("latin1");
        settle(false);
      });
      socket.on("error", () => settle(true));
      socket.on("close", () => settle(true));
    });
  } finally {
    socket.destroy();
  }
}
