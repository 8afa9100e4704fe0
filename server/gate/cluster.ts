import cluster, { type Worker } from "node:cluster";
import { randomUUID } from "node:crypto";
import type { Config } from "@/lib/config";
import { reportDeath } from "@/lib/db/gate-confirmations";
import type { Readiness } from "../http/answers";
import { endOf, keepAlive, type Run, type StopMode } from "../keep-alive";
import { StartError } from "../terminal";
import { failure } from "../words";
import type { MetricFamily } from "./metrics";
import type { GateWorker } from "./worker";

/** What the first process asks of one that serves. */
type WorkerQuery = { readonly id: number; readonly ask: "metrics" | "readiness" };

/** What a process that serves tells the first one. */
export type WorkerMessage =
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "failed"; readonly message: string; readonly exitCode: number }
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown };

const patienceMs = 1500;

/** Answers the first process's queries. */
export function answerQueries(worker: GateWorker): void {
  process.on("message", ({ id, ask }: WorkerQuery) => {
    const value = ask === "metrics" ? worker.metrics() : worker.readiness();
    void Promise.resolve(value).then((answer) => {
      const message: WorkerMessage = { kind: "answer", id, value: answer };
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
    worker.on("message", (message: WorkerMessage) => {
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

  /** null when it does not answer in time. */
  #ask(ask: WorkerQuery["ask"]): Promise<unknown> {
    const query: WorkerQuery = { id: ++this.#lastId, ask };
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(query.id);
        resolve(null);
      }, patienceMs);
      this.#waiting.set(query.id, (value) => {
        clearTimeout(timer);
        resolve(value);
      });
      if (this.#worker.isConnected()) this.#worker.send(query);
    });
  }
}

/** Everything that serves behind one port. */
export interface RunningGate {
  readonly port: number;
  readiness(): Promise<Readiness>;
  metrics(): Promise<readonly (readonly MetricFamily[])[]>;
  drain(): Promise<void>;
}

/** More than a process takes to end when its time to drain is over. */
const graceMs = 1500;
/** What a request leaves behind dies young; with the engine's default, each process keeps twice as much for it. */
const youngHeap = "--max-semi-space-size=8";

/**
 * Serves in several processes that share the port. One that dies is started again.
 *
 * @param script what the processes run
 * @throws StartError when the first of them says that it cannot work
 */
export async function startCluster(config: Config, count: number, script: string): Promise<RunningGate> {
  const workers = new Set<RemoteWorker>();
  let stopping = false;
  const gateId = randomUUID();
  cluster.setupPrimary({ exec: script, args: [gateId], execArgv: [...process.execArgv, youngHeap] });

  const start = (): Run<number> => {
    const started = cluster.fork();
    const { process: child } = started;
    const worker = new RemoteWorker(started);
    workers.add(worker);
    const ended = endOf(child).then(() => {
      workers.delete(worker);
      // It could not say goodbye itself, and pages would wait for it.
      if (!stopping && child.pid !== undefined) reportDeath(gateId, child.pid).catch(() => {});
    });
    const ready = new Promise<number>((resolve, reject) => {
      started.on("message", (message: WorkerMessage) => {
        if (message.kind === "listening") resolve(message.port);
        if (message.kind === "failed") {
          const { message: text, exitCode } = message;
          reject(Object.assign(new StartError(text), { exitCode }));
        }
      });
      void ended.then(() => reject(new StartError(failure("didNotStart", { process: "gateProcess" }))));
    });
    // A signal, because it also ends a process that does not listen to messages yet.
    return { ready, ended, stop: (mode) => child.kill(mode === "politely" ? "SIGTERM" : "SIGKILL") };
  };

  const keptAlive = Array.from({ length: count }, () =>
    keepAlive({
      name: "gateProcess",
      start,
      patienceMs: config.gate.shutdownDelayMs + config.gate.drainMs + graceMs,
    }),
  );
  const stop = async (mode: StopMode) => {
    stopping = true;
    await Promise.all(keptAlive.map((one) => one.stop(mode)));
  };
  try {
    const [port = config.port] = await Promise.all(keptAlive.map((one) => one.ready));
    return {
      port,
      async readiness() {
        if (workers.size === 0) return "stopping";
        const all = await Promise.all([...workers].map((worker) => worker.readiness()));
        return all.find((state) => state !== "ready") ?? "ready";
      },
      metrics: () => Promise.all([...workers].map((worker) => worker.metrics())),
      drain: () => stop("politely"),
    };
  } catch (error) {
    await stop("at once");
    throw error;
  }
}
