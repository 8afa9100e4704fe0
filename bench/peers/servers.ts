import { Agent, createServer, type RequestListener, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { Dispatcher } from "undici";
import { upstreamBody } from "../call";

// Servers on Node.js that the gate is compared with: the program's argument says which one this process is.

function port(name: string): number {
  const value = Number(process.env[name]);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`${name} is not set`);
}

const host = "127.0.0.1";
const upstream = () => `http://${host}:${port("UPSTREAM_PORT")}`;
const connections = 64;

/** node:http that answers itself: what the runtime can do at most. */
function nodeHttp(): void {
  createServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": upstreamBody.length });
    response.end(upstreamBody);
  }).listen(port("PORT"), host);
}

/** The least a streaming proxy on Node.js can do: node:http in, undici out, no checks. */
async function undici(): Promise<void> {
  const { Pool } = await import("undici");
  const pool = new Pool(upstream(), { connections, pipelining: 1 });
  const answer = (response: ServerResponse): Dispatcher.DispatchHandler => ({
    onRequestStart() {},
    onResponseStart(_controller, status, headers) {
      const { connection: _, "keep-alive": __, ...rest } = headers;
      response.writeHead(status, rest);
    },
    onResponseData(controller, chunk) {
      if (response.write(chunk)) return;
      controller.pause();
      response.once("drain", () => controller.resume());
    },
    onResponseEnd() {
      response.end();
    },
    onResponseError() {
      response.destroy();
    },
  });
  createServer((request, response) => {
    const { url: path = "/", method = "GET", headers } = request;
    const hasBody = "content-length" in headers || "transfer-encoding" in headers;
    pool.dispatch({ path, method, headers, body: hasBody ? request : null }, answer(response));
  }).listen(port("PORT"), host);
}

/** @fastify/http-proxy with the connections that a load test needs, and otherwise as it comes. */
async function fastify(): Promise<void> {
  const server = (await import("fastify")).default({ logger: false });
  const { default: httpProxy } = await import("@fastify/http-proxy");
  await server.register(httpProxy, { upstream: upstream(), undici: { connections, pipelining: 1 } });
  await server.listen({ port: port("PORT"), host });
}

/** The little of Express that is used here; the package has no types. */
interface Express {
  use(handler: RequestListener): void;
  disable(setting: string): void;
  listen(port: number, host: string): void;
}

/** http-proxy-middleware behind Express, with the keep-alive that a careful user would give it. */
async function express(): Promise<void> {
  const { createProxyMiddleware } = await import("http-proxy-middleware");
  const app: Express = createRequire(import.meta.url)("express")();
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  app.disable("x-powered-by");
  app.use(createProxyMiddleware({ target: upstream(), agent }));
  app.listen(port("PORT"), host);
}

const servers = new Map<string | undefined, () => void | Promise<void>>([
  ["node-http", nodeHttp],
  ["undici", undici],
  ["fastify", fastify],
  ["express", express],
]);

await servers.get(process.argv[2])?.();
