import "./output.js";
import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Config } from "@/lib/config";
import { startAdmin } from "./gate/admin";
import { type RunningGate, startCluster } from "./gate/cluster";
import { onParentGone } from "./processes";
import { loadServerConfig } from "./settings";
import { endFailed, report } from "./supervise";
import { printReady } from "./terminal";

const signals = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/** Serves in this process. */
async function startAlone(config: Config): Promise<RunningGate> {
  const { startWorker } = await import("./gate-worker.js");
  const worker = await startWorker(config, { gateId: randomUUID(), leadPid: process.pid });
  return {
    port: worker.port,
    readiness: async () => worker.readiness(),
    metrics: async () => [await worker.metrics()],
    drain: () => worker.drain(),
  };
}

async function lead(): Promise<void> {
  const config = loadServerConfig();
  const count = config.gate.workers ?? availableParallelism();
  let gate: RunningGate | undefined;
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await gate?.drain();
    process.exit(0);
  };
  for (const signal of signals) process.on(signal, () => void stop());
  // The parent is gone, kill -9 included: nobody would ever stop this process.
  process.on("disconnect", () => void stop());
  onParentGone(() => void stop());

  const script = join(import.meta.dirname, "gate-worker.js");
  const running = count === 1 ? await startAlone(config) : await startCluster(config, count, script);
  gate = running;
  const { adminPort } = config.gate;
  if (adminPort !== undefined) {
    const readiness = async () => (stopping ? "stopping" : running.readiness());
    await startAdmin(adminPort, { readiness, metrics: running.metrics });
  }
  report({ kind: "listening", port: running.port });
  if (!process.send) printReady(`http://${config.host}:${running.port}`);
}

try {
  await lead();
} catch (error) {
  endFailed(error);
}
