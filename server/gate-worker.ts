import "./output.js";
import cluster from "node:cluster";
import { answerQueries, type WorkerMessage } from "./gate/cluster";
import { type GateWorker, startWorker } from "./gate/worker";
import { loadServerConfig } from "./settings";
import { endFailed } from "./supervise";
import { isStartError } from "./terminal";

// A program of its own: the first of several processes only keeps the others running, and need not hold
// what they serve with.
export { startWorker };

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
    if (!isStartError(error)) throw error;
    sendToLead({ kind: "failed", message: error.message, exitCode: error.exitCode });
  }
}

if (cluster.isWorker) await serve().catch(endFailed);
