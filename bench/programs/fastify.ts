import httpProxy from "@fastify/http-proxy";
import fastify from "fastify";
import { listenPort, upstreamPort } from "./server-environment";

/** @fastify/http-proxy with the connections that a load test needs, and otherwise as it comes. */
const server = fastify({ logger: false });
await server.register(httpProxy, {
  upstream: `http://127.0.0.1:${upstreamPort()}`,
  undici: { connections: 64, pipelining: 1 },
});
await server.listen({ port: listenPort, host: "127.0.0.1" });
