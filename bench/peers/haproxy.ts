import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "@/server/free-port";
import { requireTool } from "../machine/tools";
import { programVersion } from "../machine/versions";
import type { Peer } from "./peer";

function configuration(port: number, upstreamPort: number, token: string): string {
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
    writeFileSync(file, configuration(port, bench.upstreamPort, bench.call.clientToken));
    const child = bench.children.start({
      name: "haproxy",
      command,
      args: ["-db", "-f", file],
      cpus: bench.cores.server,
    });
    return { port, child, version: programVersion(command, "-v") };
  },
};
