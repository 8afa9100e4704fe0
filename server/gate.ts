import "./output.js";
import cluster from "node:cluster";
import { availableParallelism } from "node:os";
import { startAdmin } from "./gate/admin";
import {
  answerQueries,
  type RunningGate,
  startAlone,
  startCluster,
  type WorkerMessage,
} from "./gate/cluster";
import { type GateWorker, startWorker } from "./gate/worker";
import { onParentGone } from "./processes";
import { loadServerConfig } from "./settings";
import { endFailed, report } from "./supervise";
import { print, StartError } from "./terminal";

const signals = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/** One of several processes that serve. It drains when the first process says so, by SIGTERM. */
async function serve(): Promise<void> {
  let worker: GateWorker | undefined;
  const stop = async () => {
    await worker?.drain();
    process.exit(0);
  };
  process.once("SIGTERM", () => void stop());
  // A Ctrl-C reaches the whole group; the first process decides what it means.
  for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => {});
  const sendToLead = (message: WorkerMessage) => process.send?.(message);
  try {
    const [, , gateId = ""] = process.argv;
    worker = await startWorker(loadServerConfig(), { gateId, leadPid: process.ppid });
    answerQueries(worker);
    sendToLead({ kind: "listening", port: worker.port });
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    sendToLead({ kind: "failed", message: error.message });
  }
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

  const running =
    count === 1 ? await startAlone(config) : await startCluster(config, count, import.meta.filename);
  gate = running;
  const { adminPort } = config.gate;
  if (adminPort !== undefined) {
    const readiness = async () => (stopping ? "stopping" : running.readiness());
    await startAdmin(adminPort, { readiness, metrics: running.metrics });
  }
  report({ kind: "listening", port: running.port });
  if (!process.send) print(`the gate listens on http://${config.host}:${running.port}`);
}

try {
  await (cluster.isPrimary ? lead() : serve());
} catch (error) {
  endFailed(error);
}
