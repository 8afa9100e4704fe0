import { Pool } from "undici";

/** Callers that ask one gate, one request after the other, until they are told to stop. */
export interface Callers {
  /** Answers so far, by status; 0 counts requests without an answer. */
  readonly answers: ReadonlyMap<number, number>;
  /** How many answers there were since the start. */
  answered(): number;
  /** Forgets which answers there were until now. */
  reset(): void;
  stop(): Promise<void>;
}

/** Starts callers that send the same token to the same path. They go on whatever happens. */
export function startCallers(
  url: string,
  target: string,
  { token, count, pauseMs = 0 }: { token: string; count: number; pauseMs?: number },
): Callers {
  const pool = new Pool(url, { connections: count, connect: { timeout: 2000 }, headersTimeout: 10_000 });
  const answers = new Map<number, number>();
  let answered = 0;
  let running = true;
  const ask = async (): Promise<number> => {
    try {
      const { statusCode, body } = await pool.request({
        path: `${target}/x`,
        method: "GET",
        headers: { "client-token": token },
      });
      await body.dump();
      return statusCode;
    } catch {
      return 0;
    }
  };
  const work = async () => {
    while (running) {
      const status = await ask();
      if (status !== 0) answered++;
      answers.set(status, (answers.get(status) ?? 0) + 1);
      if (pauseMs > 0 || status === 0) await new Promise((resolve) => setTimeout(resolve, pauseMs || 20));
    }
  };
  const workers = Array.from({ length: count }, work);
  return {
    answers,
    answered: () => answered,
    reset: () => answers.clear(),
    async stop() {
      running = false;
      await Promise.all(workers);
      await pool.destroy();
    },
  };
}
