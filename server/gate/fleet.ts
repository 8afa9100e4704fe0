import cluster, { type Worker } from "node:cluster";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "@/lib/config";
import { reportDeath } from "@/lib/db/gate-confirmations";
import type { Readiness } from "../answers";
import { backOff } from "../processes";
import { print, StartError } from "../terminal";
import type { MetricFamily } from "./metrics";
import { type GateWorker, startWorker } from "./worker";

/** What the first process asks of one that serves. */
export type Question = { readonly id: number; readonly ask: "metrics" | "readiness" };

/** What a process that serves tells the first one. */
export type FleetMessage =
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown };

const patienceMs = 1500;

/** Answers the first process's questions. */
export function answerQuestions(worker: GateWorker): void {
  process.on("message", ({ id, ask }: Question) => {
    const value = ask === "metrics" ? worker.metrics() : worker.readiness();
    void Promise.resolve(value).then((answer) => {
      const message: FleetMessage = { kind: "answer", id, value: answer };
      process.send?.(message);
    });
  });
}

/** A process that serves, as the first one knows it. */
class RemoteWorker {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (value: unknown) => void>();
  #lastId = 0;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on("message", (message: FleetMessage) => {
      if (message.kind !== "answer") return;
      this.#waiting.get(message.id)?.(message.value);
      this.#waiting.delete(message.id);
    });
    // A message to a process that has just died.
    worker.on("error", () => {});
  }

  async metrics(): Promise<readonly MetricFamily[]> {
    return ((await this.#ask("metrics")) as readonly MetricFamily[] | null) ?? [];
  }

  async readiness(): Promise<Readiness> {
    return ((await this.#ask("readiness")) as Readiness | null) ?? "stopping";
  }

  /** Fulfilled when the process has ended. */
  drain(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#worker.isDead()) return resolve();
      const timer = setTimeout(() => this.#worker.process.kill("SIGKILL"), withinMs);
      this.#worker.once("exit", () => {
        clearTimeout(timer);
        resolve();
      });
      // A signal, because it also ends a process that does not listen to messages yet.
      this.#worker.process.kill("SIGTERM");
    });
  }

  /** null when it does not answer in time. */
  #ask(ask: Question["ask"]): Promise<unknown> {
    const question: Question = { id: ++this.#lastId, ask };
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(question.id);
        resolve(null);
      }, patienceMs);
      this.#waiting.set(question.id, (value) => {
        clearTimeout(timer);
        resolve(value);
      });
      if (this.#worker.isConnected()) this.#worker.send(question);
    });
  }
}

/** Everything that serves behind one port. */
export interface Fleet {
  readonly port: number;
  readiness(): Promise<Readiness>;
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
      started.on("message", (message: FleetMessage) => {
        if (message.kind === "listening") resolve(message.port);
        if (message.kind === "failed") reject(new StartError(message.message));
      });
      started.on("exit", () => {
        workers.delete(worker);
        reject(new StartError("a process of the gate did not start; the lines above say why."));
        if (stopping) return;
        // It could not say goodbye itself, and pages would wait for it.
        if (started.process.pid !== undefined) reportDeath(gateId, started.process.pid).catch(() => {});
        print("a process of the gate ended by itself; starting it again.");
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
