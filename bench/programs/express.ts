import { Agent } from "node:http";
import express from "express";
import { createProxyMiddleware } from "http-proxy-middleware";
import { listenPort, upstreamPort } from "./server-environment";

/** http-proxy-middleware behind Express, with the keep-alive that a careful user would give it. */
const app = express();
app.disable("x-powered-by");
app.use(
  createProxyMiddleware({
    target: `http://127.0.0.1:${upstreamPort()}`,
    agent: new Agent({ keepAlive: true, maxSockets: 64 }),
  }),
);
app.listen(listenPort, "127.0.0.1");
