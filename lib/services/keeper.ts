import { Refusal } from "@/lib/domain/errors";
import { createLog } from "@/lib/log/logger";
import { tellOfAlerts } from "./alerts/keep-alerts";
import { enforceWhenReady } from "./security-token/enforce-when-ready";
import { keepGrace } from "./security-token/keep-grace";
import type { Duty } from "./use-case";

/** All there are. */
const duties: readonly Duty[] = [enforceWhenReady, keepGrace, tellOfAlerts];

const everyMs = 5000;

/** Accounts looked at at the same time: one that takes long keeps no other waiting, and requests keep their connections. */
const atOnce = 2;

/** Does what time brings about, until it is closed. */
export interface Keeper {
  /** Resolves when what is under way is settled. */
  close(): Promise<void>;
}

let logger: ReturnType<typeof createLog> | undefined;

function log() {
  logger ??= createLog("keeper");
  return logger;
}

/**
 * Starts to do what time brings about in all accounts: looks every few seconds, also in several processes side by side.
 * An account that is still being looked at, or waits for it, is not looked at twice. What fails is told in the log
 * and tried again the next time.
 */
export function startKeeper(given: readonly Duty[] = duties, intervalMs = everyMs): Keeper {
  const waiting = new Map<string, () => Promise<void>>();
  const busy = new Map<string, Promise<void>>();
  const next = new Map<Duty, number>();
  let closed = false;
  let looking: Promise<void> = Promise.resolve();

  async function look({ name, accounts, run }: Duty): Promise<void> {
    try {
      for (const accountId of await accounts(new Date())) {
        const key = `${name} ${accountId}`;
        if (!busy.has(key)) waiting.set(key, () => perform(name, accountId, run));
      }
    } catch (error) {
      log().warn({ duty: name, err: error }, "what is due cannot be read; trying again");
    }
  }

  async function perform(duty: string, accountId: string, run: Duty["run"]): Promise<void> {
    try {
      await run(accountId, new Date());
    } catch (error) {
      // It was deleted meanwhile.
      if (error instanceof Refusal && error.code === "not_found") return;
      log().warn({ duty, account: accountId, err: error }, "what is due was not done; trying again");
    }
  }

  /** Takes the one that waits longest, while there is room. */
  function proceed(): void {
    for (const [key, perform] of waiting) {
      if (closed || busy.size >= atOnce) return;
      waiting.delete(key);
      const done = perform().finally(() => {
        busy.delete(key);
        proceed();
      });
      busy.set(key, done);
    }
  }

  async function lookAtAll(): Promise<void> {
    const now = performance.now();
    for (const duty of given) {
      if (now < (next.get(duty) ?? 0)) continue;
      next.set(duty, now + (duty.everyMs ?? 0));
      await look(duty);
    }
    proceed();
  }

  let underWay = false;
  const timer = setInterval(() => {
    if (underWay) return;
    underWay = true;
    looking = lookAtAll().finally(() => {
      underWay = false;
    });
  }, intervalMs);
  timer.unref();

  return {
    async close() {
      closed = true;
      clearInterval(timer);
      await looking;
      await Promise.all(busy.values());
    },
  };
}
