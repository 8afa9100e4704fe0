import { freePort } from "@/server/free-port";
import { requireTool } from "../machine/tools";
import { programVersion } from "../machine/versions";
import { startNginx } from "./nginx-process";
import type { Peer } from "./peer";

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
      proxy_set_header Connection "";
      proxy_set_header Client-Token "";
    }
  }`,
    );
    return { port, child, version: programVersion(requireTool("nginx"), "-v") };
  },
};
