import { config } from "@/lib/config";
import { unseal } from "@/lib/crypto/sealed-box";
import { listenOn } from "@/lib/db/listener";
import {
  type ClaimedMessage,
  claimMessages,
  deleteMessage,
  nextMessageIn,
  outboxChannel,
  outboxContext,
  postponeMessage,
} from "@/lib/db/outbox";
import { createLog } from "@/lib/log/logger";
import { mailDeliverer } from "./deliver";

/** Delivers what is in the outbox until it is closed. */
export interface Courier {
  /** Resolves when what is being delivered is settled. What waits stays for the next process. */
  close(): Promise<void>;
}

/**
 * Delivers one message, whose id names it for good. Answers null when the receiver took responsibility for it, else
 * why not.
 */
type Deliver = (id: string, topic: string, payload: unknown) => Promise<null | Undelivered>;

interface Undelivered {
  /** Trying again is of no use. */
  readonly permanent: boolean;
  /** For the log: names and codes, never an address, a link or what a server said. */
  readonly facts: Readonly<Record<string, unknown>>;
}

type Kind = ClaimedMessage["kind"];
type Deliverers = ReadonlyMap<Kind, Deliver>;

/** The ways out that are configured. */
function configuredDeliverers(): Deliverers {
  const { mail } = config();
  return new Map(mail ? [["mail", mailDeliverer(mail)]] : []);
}

let logger: ReturnType<typeof createLog> | undefined;

function log() {
  logger ??= createLog("mail");
  return logger;
}

const firstRetrySeconds = 5;
const longestRetrySeconds = 600;

/** Seconds to wait before a message is tried again that failed so many times. */
export function retrySeconds(failures: number): number {
  return Math.min(longestRetrySeconds, firstRetrySeconds * 2 ** Math.min(Math.max(failures, 1) - 1, 20));
}

/** @throws Error when it was sealed with another secret */
function openPayload(claimed: ClaimedMessage): unknown {
  return JSON.parse(unseal(claimed.sealed, outboxContext(claimed)));
}

/**
 * Delivers one claimed message and settles it: gone when it was taken or never will be, put back otherwise.
 *
 * @throws Error when the database cannot be written; the message is tried again after its lease
 */
async function settle(claimed: ClaimedMessage, deliver: Deliver): Promise<void> {
  const { id, kind, topic, attempts } = claimed;
  const about = { id, kind, topic, attempts };
  if (claimed.expiresAt.getTime() <= Date.now()) {
    log().error(about, "message given up: its time is over");
    return deleteMessage(claimed);
  }
  let payload: unknown;
  try {
    payload = openPayload(claimed);
  } catch {
    log().error(about, "message given up: it was sealed with another secret");
    return deleteMessage(claimed);
  }
  const failure = await deliver(id, topic, payload);
  if (failure === null) {
    log().debug(about, "message delivered");
    return deleteMessage(claimed);
  }
  const facts = { ...about, ...failure.facts };
  if (failure.permanent) {
    log().error(facts, "message given up: it was refused for good");
    return deleteMessage(claimed);
  }
  log().warn(facts, "message not delivered; trying again");
  return postponeMessage(claimed, retrySeconds(attempts));
}

/** Messages that one process delivers at the same time. */
const batch = 5;

/** Looks at least this often, also when nobody calls; milliseconds. */
const sweepMs = 30_000;
const afterTroubleMs = 5000;
const askEveryMs = 10_000;

/** A pause that ends early when somebody wakes it; at once when that was before it began. */
class WakeableSleep {
  #woken = false;
  #wake: (() => void) | undefined;

  wake(): void {
    this.#woken = true;
    this.#wake?.();
  }

  async sleep(ms: number): Promise<void> {
    if (!this.#woken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = undefined;
    }
    this.#woken = false;
  }
}

/**
 * Starts delivering what is in the outbox: at once when a transaction that queued something commits, and again with
 * growing pauses while its receiver cannot be reached. Any number of processes may do so side by side.
 *
 * @returns null when no way out is configured
 */
export function startCourier(): Courier | null {
  const deliverers = configuredDeliverers();
  if (deliverers.size === 0) return null;
  const kinds = [...deliverers.keys()];
  const pause = new WakeableSleep();
  let closed = false;
  const listener = listenOn(
    { channels: [outboxChannel], applicationName: "latchkey-courier", everyMs: askEveryMs },
    { heard: () => pause.wake(), connected: () => pause.wake(), alive: () => {}, lost: () => {} },
  );

  /** @returns milliseconds until there is something to do again */
  async function round(): Promise<number> {
    const claimed = await claimMessages(kinds, batch);
    await Promise.all(
      claimed.map(async (each) => {
        const deliver = deliverers.get(each.kind);
        if (deliver) await settle(each, deliver);
      }),
    );
    if (claimed.length === batch) return 0;
    return Math.min((await nextMessageIn(kinds)) ?? sweepMs, sweepMs);
  }

  async function run(): Promise<void> {
    while (!closed) {
      let pauseMs = afterTroubleMs;
      try {
        pauseMs = await round();
      } catch (error) {
        log().warn({ err: error }, "the outbox cannot be read; trying again");
      }
      if (!closed && pauseMs > 0) await pause.sleep(pauseMs);
    }
  }

  const running = run();
  return {
    async close() {
      closed = true;
      pause.wake();
      await running;
      await listener.close();
    },
  };
}
