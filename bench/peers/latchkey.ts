import { existsSync } from "node:fs";
import { join } from "node:path";
import { config } from "@/lib/config";
import { checkout } from "@/server/folders";
import { freePort } from "@/server/http/listen";
import { type Bench, smallDatabase } from "../bench";
import { type LoadRequest, newClientToken, requestOf } from "../call";
import type { ExpectedAnswer } from "../load/wrk";
import { packageVersion } from "../machine";
import { BenchError } from "../options";
import type { Child } from "../processes";

/** A running peer. */
export interface RunningPeer {
  readonly port: number;
  readonly child: Child;
  /** What it is asked, where that is not the bench's own call. */
  readonly request?: LoadRequest;
  /** Version of what it is made with. */
  readonly version: string;
}

/** Something that is measured beside the others. */
export interface Peer {
  readonly name: string;
  /** For the table. */
  readonly label: string;
  readonly expected: ExpectedAnswer;
  start(bench: Bench): Promise<RunningPeer>;
}

/**
 * The path of one of the product's own processes.
 *
 * @throws BenchError when it is not built
 */
function productProgram(name: "gate" | "dashboard"): string {
  const path = join(checkout, "dist", `${name}.js`);
  if (existsSync(path)) return path;
  throw new BenchError(`dist/${name}.js is not built.`);
}

/** What both processes need to know. Access logs are off, as they are with every other peer. */
function productEnvironment(port: number, databaseUrl: string): Record<string, string> {
  return {
    PORT: String(port),
    HOST: "127.0.0.1",
    DATABASE_URL: databaseUrl,
    LATCHKEY_SECRET: config().secret,
    ALLOW_PRIVATE_UPSTREAMS: "true",
    LOG_LEVEL: "warn",
  };
}

/** What differs from one gate of the benchmark to the next. */
interface GateOptions {
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

/** Our gate with an instance token and a Client-Token to check, and an upstream to forward to. */
export const gateAccepting: Peer = {
  name: "gate-accepting",
  label: "Latchkey gate, accepting",
  expected: "accepted",
  start: async (bench) =>
    startGate(bench, { name: "gate-accepting", databaseUrl: await smallDatabase(bench) }),
};

function rejecting(name: string, label: string, env: Record<string, string>): Peer {
  return {
    name,
    label,
    expected: "rejected",
    async start(bench) {
      const gate = await startGate(bench, { name, databaseUrl: await smallDatabase(bench), env });
      // Well formed, so that it costs as much to reject as a good one costs to accept.
      return { ...gate, request: requestOf({ ...bench.call, clientToken: newClientToken() }) };
    },
  };
}

/** Our gate with a wrong Client-Token to reject. */
export const gateRejecting = rejecting("gate-rejecting", "Latchkey gate, rejecting", {});

/** The same with the log as it is by default: one line a rejection. */
export const gateRejectingLogged = rejecting(
  "gate-rejecting-logged",
  "Latchkey gate, rejecting, each logged",
  {
    LOG_LEVEL: "info",
  },
);

/**
 * Our gate passing on what is meant for the dashboard. nginx stands in for the dashboard, so that the gate's
 * part shows and not that of Next.js.
 */
export const gateForwarding: Peer = {
  name: "gate-forwarding",
  label: "Latchkey gate, passing on to the dashboard",
  expected: "accepted",
  async start(bench) {
    const env = { GATE_DASHBOARD_URL: `http://127.0.0.1:${bench.upstreamPort}` };
    const databaseUrl = await smallDatabase(bench);
    const gate = await startGate(bench, { name: "gate-forwarding", databaseUrl, env });
    return { ...gate, request: { path: "/overview", headers: {} } };
  },
};

/** The same decision in a Next.js route handler, without a gate in front. */
export const routeHandler: Peer = {
  name: "route-handler",
  label: "Latchkey route handler (Next.js)",
  expected: "accepted",
  async start(bench) {
    const databaseUrl = await smallDatabase(bench);
    const port = await freePort();
    const child = bench.children.start({
      name: "route-handler",
      command: process.execPath,
      args: [productProgram("dashboard")],
      env: productEnvironment(port, databaseUrl),
      cpus: bench.cores.server,
    });
    return { port, child, version: packageVersion("next") };
  },
};
