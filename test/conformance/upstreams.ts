import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import type { Received, UpstreamAnswer } from "./case";
import { pairLines } from "./case";

/** A server on loopback to stand behind the gate. */
export interface UpstreamServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a server on a free loopback port. */
export async function startUpstreamServer(listener: RequestListener): Promise<UpstreamServer> {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("latin1");
}

/** An upstream that records what it receives and answers as told. */
export class Recorder {
  answer: UpstreamAnswer = {};
  received: Received[] = [];

  readonly listener = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "", url: target = "", rawHeaders } = request;
    const { status = 200, headers = [], body = "", silent } = this.answer;
    this.received.push({ method, target, headers: pairLines(rawHeaders), body: await bodyOf(request) });
    if (silent) return;
    response.writeHead(status, headers.flat());
    response.end(method === "HEAD" ? undefined : Buffer.from(body, "latin1"));
  };

  /** Forgets what came before. */
  expect(answer: UpstreamAnswer): void {
    this.answer = answer;
    this.received = [];
  }
}

/** What an upstream says, one character for each byte, and whether it closes the connection behind it. */
export interface WireScript {
  readonly bytes: string;
  readonly ends?: boolean;
}

/** An upstream without a server library: it reads requests and writes the bytes that it was given. */
export interface WireUpstream {
  readonly url: string;
  /** Every request since the last `say`: its head and its body, as they came. */
  readonly requests: readonly string[];
  /** What has come of a request that is not complete yet. */
  readonly partial: string;
  /** Answers before the end of the requests that are not complete. */
  interrupt(): void;
  /** Answers every request from now on with this. */
  say(script: WireScript): void;
  close(): Promise<void>;
}

/** The first request in what has come, body and all; null while it is not complete. */
function firstRequest(text: string): string | null {
  const end = text.indexOf("\r\n\r\n") + 4;
  if (end < 4) return null;
  const head = text.slice(0, end);
  if (/\r\ntransfer-encoding: chunked\r\n/i.test(head)) {
    const last = text.indexOf("0\r\n\r\n", end);
    return last < 0 ? null : text.slice(0, last + 5);
  }
  const length = Number(/\r\ncontent-length: (\d+)\r\n/i.exec(head)?.[1] ?? 0);
  return text.length < end + length ? null : text.slice(0, end + length);
}

/** Starts one on a free loopback port. */
export async function startWireUpstream(): Promise<WireUpstream> {
  let script: WireScript = { bytes: "", ends: true };
  let requests: string[] = [];
  const open = new Map<Socket, string>();
  const answer = (socket: Socket) => {
    const { bytes, ends } = script;
    socket.write(Buffer.from(bytes, "latin1"), () => {
      if (ends) socket.end();
    });
  };
  const server = createTcpServer((socket) => {
    open.set(socket.setNoDelay(), "");
    socket.on("error", () => socket.destroy()).on("close", () => open.delete(socket));
    socket.on("data", (chunk) => {
      let text = (open.get(socket) ?? "") + chunk.toString("latin1");
      for (let request = firstRequest(text); request !== null; request = firstRequest(text)) {
        text = text.slice(request.length);
        requests.push(request);
        answer(socket);
      }
      open.set(socket, text);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get requests() {
      return requests;
    },
    get partial() {
      return [...open.values()].join("");
    },
    interrupt() {
      for (const [socket, text] of open) if (text !== "") answer(socket);
    },
    say(next) {
      script = next;
      requests = [];
    },
    async close() {
      for (const socket of open.keys()) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
