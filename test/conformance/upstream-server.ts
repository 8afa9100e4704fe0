import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pairLines } from "@/lib/gate/header-lines";
import type { UpstreamAnswer } from "./case";
import type { Received } from "./door";

/** A server on loopback to stand behind the gate. */
export interface UpstreamServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a server on a free loopback port. */
export async function startEchoUpstream(listener: RequestListener): Promise<UpstreamServer> {
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
