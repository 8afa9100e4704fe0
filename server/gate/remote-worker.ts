import type { Worker } from "node:cluster";
import type { GateReadiness } from "./front";
import type { MetricFamily } from "./metrics";
import type { GateWorker } from "./worker";

/** What the first process asks of one that serves. */
export type Question = { readonly id: number; readonly ask: "metrics" | "readiness" };

/** What a process that serves tells the first one. */
export type Told =
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown };

const patienceMs = 1500;

/** Answers the first process's questions. */
export function answerQuestions(worker: GateWorker): void {
  process.on("message", ({ id, ask }: Question) => {
    const value = ask === "metrics" ? worker.metrics() : worker.readiness();
    void Promise.resolve(value).then((answer) => {
      const told: Told = { kind: "answer", id, value: answer };
      process.send?.(told);
    });
  });
}

/** A process that serves, as the first one knows it. */
export class RemoteWorker {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (value: unknown) => void>();
  #lastId = 0;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on("message", (told: Told) => {
      if (told.kind !== "answer") return;
      this.#waiting.get(told.id)?.(told.value);
      this.#waiting.delete(told.id);
    });
    // A message to a process that has just died.
    worker.on("error", () => {});
  }

  async metrics(): Promise<readonly MetricFamily[]> {
    return ((await this.#ask("metrics")) as readonly MetricFamily[] | null) ?? [];
  }

  async readiness(): Promise<GateReadiness> {
    return ((await this.#ask("readiness")) as GateReadiness | null) ?? "stopping";
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
