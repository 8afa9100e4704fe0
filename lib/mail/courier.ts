import { config } from "@/lib/config";
import { listenOn } from "@/lib/db/listener";
import { claimMails, mailChannel, nextMailIn } from "@/lib/db/mail-outbox";
import { deliver } from "./deliver";
import { failureFacts, log } from "./log";
import { smtpTransport } from "./transport";

/** Sends what is in the outbox until it is closed. */
export interface Courier {
  /** Resolves when what is being sent is settled. What waits stays for the next process. */
  close(): Promise<void>;
}

/** Mails that one process sends at the same time. */
const batch = 5;

/** Looks at least this often, also when nobody calls; milliseconds. */
const sweepMs = 30_000;
const afterTroubleMs = 5000;
const askEveryMs = 10_000;

/** A pause that ends early when it is called off. */
class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  async wait(ms: number): Promise<void> {
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = undefined;
    }
    this.#rung = false;
  }
}

/**
 * Starts sending the mails of the outbox: at once when a transaction that queued one commits, and again with
 * growing pauses while the server cannot be reached. Any number of processes may do so side by side.
 *
 * @returns null when no mail server is configured
 */
export function startCourier(): Courier | null {
  const { mail } = config();
  if (!mail) return null;
  const transport = smtpTransport(mail.smtpUrl, mail.from);
  const bell = new Bell();
  let closed = false;
  const listener = listenOn(
    { channels: [mailChannel], applicationName: "latchkey-mail", everyMs: askEveryMs },
    { heard: () => bell.ring(), connected: () => bell.ring(), alive: () => {}, lost: () => {} },
  );

  /** @returns milliseconds until there is something to do again */
  async function round(): Promise<number> {
    const claimed = await claimMails(batch);
    await Promise.all(claimed.map((each) => deliver(each, transport, mail?.linkOrigin ?? "")));
    if (claimed.length === batch) return 0;
    return Math.min((await nextMailIn()) ?? sweepMs, sweepMs);
  }

  async function run(): Promise<void> {
    while (!closed) {
      let pauseMs = afterTroubleMs;
      try {
        pauseMs = await round();
      } catch (error) {
        log().warn(failureFacts(error), "the outbox cannot be read; trying again");
      }
      if (!closed && pauseMs > 0) await bell.wait(pauseMs);
    }
  }

  const running = run();
  return {
    async close() {
      closed = true;
      bell.ring();
      await running;
      await listener.close();
    },
  };
}
