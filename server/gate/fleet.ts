import cluster from "node:cluster";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "@/lib/config";
import { reportDeath } from "@/lib/db/gate-confirmations";
import { StartError } from "../start-error";
import { backOff } from "../supervise/back-off";
import { tell } from "../terminal";
import type { GateReadiness } from "./front";
import type { MetricFamily } from "./metrics";
import { RemoteWorker, type Told } from "./remote-worker";
import { startWorker } from "./worker";

/** Everything that serves behind one port. */
export interface Fleet {
  readonly port: number;
  readiness(): Promise<GateReadiness>;
  metrics(): Promise<readonly (readonly MetricFamily[])[]>;
  drain(): Promise<void>;
}

/** After this time a process counts as healthy and its earlier failures are forgotten. */
const healthyMs = 60_000;
/** More than a process takes to end when its time to drain is over. */
const graceMs = 1500;

/** Serves in this process. */
export async function startAlone(config: Config): Promise<Fleet> {
  const worker = await startWorker(config, { gateId: randomUUID(), leadPid: process.pid });
  return {
    port: worker.port,
    readiness: async () => worker.readiness(),
    metrics: async () => [await worker.metrics()],
    drain: () => worker.drain(),
  };
}

/**
 * Serves in several processes that share the port. One that dies is started again.
 *
 * @param script what the processes run
 * @throws StartError when the first of them says that it cannot work
 */
export async function startCluster(config: Config, count: number, script: string): Promise<Fleet> {
  const workers = new Set<RemoteWorker>();
  let stopping = false;
  const gateId = randomUUID();
  cluster.setupPrimary({ exec: script, args: [gateId] });

  const launch = (failures: number) =>
    new Promise<number>((resolve, reject) => {
      const startedAt = performance.now();
      const started = cluster.fork();
      const worker = new RemoteWorker(started);
      workers.add(worker);
      started.on("message", (told: Told) => {
        if (told.kind === "listening") resolve(told.port);
        if (told.kind === "failed") reject(new StartError(told.message));
      });
      started.on("exit", () => {
        workers.delete(worker);
        reject(new StartError("a process of the gate did not start; the lines above say why."));
        if (stopping) return;
        // It could not say goodbye itself, and pages would wait for it.
        if (started.process.pid !== undefined) reportDeath(gateId, started.process.pid).catch(() => {});
        tell("a process of the gate ended by itself; starting it again.");
        const again = performance.now() - startedAt > healthyMs ? 0 : failures + 1;
        void sleep(backOff(failures)).then(() => {
          if (!stopping) launch(again).catch(() => {});
        });
      });
    });

  try {
    const ports = await Promise.all(Array.from({ length: count }, () => launch(0)));
    return {
      port: ports[0] ?? config.port,
      async readiness() {
        if (workers.size === 0) return "stopping";
        const all = await Promise.all([...workers].map((worker) => worker.readiness()));
        return all.find((state) => state !== "ready") ?? "ready";
      },
      metrics: () => Promise.all([...workers].map((worker) => worker.metrics())),
      async drain() {
        stopping = true;
        await Promise.all([...workers].map((worker) => worker.drain(config.gate.drainMs + graceMs)));
      },
    };
  } catch (error) {
    stopping = true;
    await Promise.all([...workers].map((worker) => worker.drain(0)));
    throw error;
  }
}
