import { freePort } from "@/server/free-port";
import { packageVersion } from "../machine/versions";
import { type ProgramName, programPath } from "../process/programs";
import type { Peer } from "./peer";

/** A peer that is a program of bench/programs. `library` is the npm package whose version is told. */
export function nodeProgram(name: ProgramName, label: string, library: string | null): Peer {
  return {
    name,
    label,
    expected: "accepted",
    async start(bench) {
      const port = await freePort();
      const child = bench.children.start({
        name,
        command: process.execPath,
        args: [programPath(name)],
        env: { PORT: String(port), UPSTREAM_PORT: String(bench.upstreamPort) },
        cpus: bench.cores.server,
      });
      return { port, child, version: library === null ? process.versions.node : packageVersion(library) };
    },
  };
}
