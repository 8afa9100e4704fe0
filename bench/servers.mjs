import { Agent, createServer } from "node:http";
import { createRequire } from "node:module";

// Servers on Node.js that the gate is compared with: the program's argument says which one this process is. What they
// are made of is installed in this folder, but for undici: that is the gate's own.

const host = "127.0.0.1";
const port = Number(process.env.PORT);
const upstream = `http://${host}:${process.env.UPSTREAM_PORT}`;
const connections = 64;

/** node:http that answers itself: what the runtime can do at most. */
function nodeHttp() {
  const body = process.env.BODY;
  const head = { "content-type": "application/json", "content-length": body.length };
  createServer((_request, response) => {
    response.writeHead(200, head);
    response.end(body);
  }).listen(port, host);
}

/** The least a streaming proxy on Node.js can do: node:http in, undici out, no checks. */
function undici() {
  const { Pool } = createRequire(new URL("../package.json", import.meta.url))("undici");
  const pool = new Pool(upstream, { connections, pipelining: 1 });
  const answer = (response) => ({
    onRequestStart() {},
    onResponseStart(_controller, status, { connection: _, "keep-alive": __, ...rest }) {
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
    const { url: path, method, headers } = request;
    const hasBody = "content-length" in headers || "transfer-encoding" in headers;
    pool.dispatch({ path, method, headers, body: hasBody ? request : null }, answer(response));
  }).listen(port, host);
}

/** @fastify/http-proxy with the connections that a load test needs, and otherwise as it comes. */
async function fastify() {
  const { default: makeServer } = await import("fastify");
  const { default: httpProxy } = await import("@fastify/http-proxy");
  const server = makeServer({ logger: false });
  await server.register(httpProxy, { upstream, undici: { connections, pipelining: 1 } });
  await server.listen({ port, host });
}

/** http-proxy-middleware behind Express, with the keep-alive that a careful user would give it. */
async function express() {
  const { default: makeApp } = await import("express");
  const { createProxyMiddleware } = await import("http-proxy-middleware");
  const app = makeApp();
  app.disable("x-powered-by");
  app.use(
    createProxyMiddleware({
      target: upstream,
      agent: new Agent({ keepAlive: true, maxSockets: connections }),
    }),
  );
  app.listen(port, host);
}

await { "node-http": nodeHttp, undici, fastify, express }[process.argv[2]]();
