import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "@/server/http/listen";
import { startNginx } from "../bench";
import { packageVersion, programVersion, requireTool } from "../machine";
import { programPath } from "../processes";
import type { Peer } from "./latchkey";

/** A server of servers.ts. `library` is the npm package whose version is told. */
function nodeServer(name: string, label: string, library: string | null): Peer {
  return {
    name,
    label,
    expected: "accepted",
    async start(bench) {
      const port = await freePort();
      const child = bench.children.start({
        name,
        command: process.execPath,
        args: [programPath("servers"), name],
        env: { PORT: String(port), UPSTREAM_PORT: String(bench.upstreamPort) },
        cpus: bench.cores.server,
      });
      return { port, child, version: library === null ? process.versions.node : packageVersion(library) };
    },
  };
}

export const nodeHttp = nodeServer("node-http", "bare node:http answering itself", null);

export const undici = nodeServer("undici", "bare undici proxy", "undici");

export const fastify = nodeServer("fastify", "@fastify/http-proxy", "@fastify/http-proxy");

export const express = nodeServer("express", "express + http-proxy-middleware", "http-proxy-middleware");

function caddyConfiguration(port: number, upstreamPort: number, token: string): string {
  return `{
  admin off
  auto_https off
}
http://:${port} {
  bind 127.0.0.1
  @token header Client-Token ${token}
  handle @token {
    reverse_proxy 127.0.0.1:${upstreamPort} {
      header_up -Client-Token
    }
  }
  handle {
    respond \`{"error":"Client-Token not allowed"}\` 403
  }
}
`;
}

/** Caddy as a gate: one token for all, compared by a header matcher. */
export const caddy: Peer = {
  name: "caddy",
  label: "Caddy, reverse_proxy with a header matcher",
  expected: "accepted",
  async start(bench) {
    const command = requireTool("caddy");
    const port = await freePort();
    const file = join(bench.folder, "Caddyfile");
    writeFileSync(file, caddyConfiguration(port, bench.upstreamPort, bench.call.clientToken));
    const child = bench.children.start({
      name: "caddy",
      command,
      args: ["run", "--config", file, "--adapter", "caddyfile"],
      env: { HOME: bench.folder, XDG_DATA_HOME: bench.folder, XDG_CONFIG_HOME: bench.folder },
      cpus: bench.cores.server,
    });
    return { port, child, version: programVersion(command, "version") };
  },
};

/** nginx as a gate: one token for all, compared by a map. */
export const nginx: Peer = {
  name: "nginx",
  label: "nginx, proxy_pass with a header map",
  expected: "accepted",
  async start(bench) {
    const port = await freePort();
    const child = startNginx(
      bench,
      "nginx-peer",
      bench.cores.server,
      `  map_hash_bucket_size 128;
  map $http_client_token $allowed { default 0; "${bench.call.clientToken}" 1; }
  upstream api { server 127.0.0.1:${bench.upstreamPort}; keepalive 64; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port};
    location / {
      if ($allowed = 0) { return 403 '{"error":"Client-Token not allowed"}'; }
      proxy_pass http://api;
      proxy_http_version 1.1;
      proxy_set_header LoadConnection "";
      proxy_set_header Client-Token "";
    }
  }`,
    );
    return { port, child, version: programVersion(requireTool("nginx"), "-v") };
  },
};

function haproxyConfiguration(port: number, upstreamPort: number, token: string): string {
  return `global
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  http-reuse always
frontend gate
  bind 127.0.0.1:${port}
  http-request deny deny_status 403 unless { req.hdr(client-token) -m str ${token} }
  http-request del-header client-token
  default_backend api
backend api
  server upstream 127.0.0.1:${upstreamPort}
`;
}

/** HAProxy as a gate: one token for all, compared as a string. */
export const haproxy: Peer = {
  name: "haproxy",
  label: "HAProxy, one header compared",
  expected: "accepted",
  async start(bench) {
    const command = requireTool("haproxy");
    const port = await freePort();
    const file = join(bench.folder, "haproxy.cfg");
    writeFileSync(file, haproxyConfiguration(port, bench.upstreamPort, bench.call.clientToken));
    const child = bench.children.start({
      name: "haproxy",
      command,
      args: ["-db", "-f", file],
      cpus: bench.cores.server,
    });
    return { port, child, version: programVersion(command, "-v") };
  },
};
