import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "@/server/free-port";
import { requireTool } from "../machine/tools";
import { programVersion } from "../machine/versions";
import type { Peer } from "./peer";

function configuration(port: number, upstreamPort: number, token: string): string {
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
    writeFileSync(file, configuration(port, bench.upstreamPort, bench.call.clientToken));
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
