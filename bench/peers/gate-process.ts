import { freePort } from "@/server/free-port";
import type { Bench } from "../bench";
import { packageVersion } from "../machine/versions";
import type { RunningPeer } from "./peer";
import { productEnvironment, productProgram } from "./product-program";

/** What differs from one gate of the benchmark to the next. */
export interface GateOptions {
  readonly name: string;
  readonly databaseUrl: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a gate with one worker on the server's core. */
export async function startGate(bench: Bench, { name, databaseUrl, env }: GateOptions): Promise<RunningPeer> {
  const port = await freePort();
  const profiling = bench.profile === null ? [] : ["--cpu-prof", `--cpu-prof-dir=${bench.profile}`];
  const child = bench.children.start({
    name,
    command: process.execPath,
    args: [...profiling, productProgram("gate")],
    env: {
      ...productEnvironment(port, databaseUrl),
      ADMIN_PORT: String(await freePort()),
      GATE_WORKERS: "1",
      GATE_DRAIN_SECONDS: "1",
      ...env,
    },
    cpus: bench.cores.server,
  });
  return { port, child, version: packageVersion("undici") };
}
