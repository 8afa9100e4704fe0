import { trafficChannel } from "./caller-statistics";
import { epochChannel } from "./epoch";
import { confirmationChannel, everyAccount } from "./gate-confirmations";
import { type Listener, listenOn } from "./listener";
import type { Transaction } from "./transaction";

/** What happened in an account: calls came in; or a decision changed, or a gate confirmed that. */
export type AccountEvent = "traffic" | "change";

/** Has the account's open pages read anew once `tx` is committed, for a change that alters no decision. */
export async function announceToPages(tx: Transaction, accountId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${confirmationChannel}, ${accountId})`;
}

/** Who is told of one account's events. */
interface Subscriber {
  readonly accountId: string;
  /** Never throws. */
  event(event: AccountEvent): void;
  /** Events may have been missed: the connection to the database was made anew. */
  missed(): void;
  /** There will be no more events. */
  end(): void;
}

/**
 * Open pages that one process serves, and those of one account among them. Each holds a connection, also of
 * the 256 that a gate has to the dashboard, so some must be left; pages beyond that look now and then.
 */
const mostSubscribers = 200;
const mostOfAccount = 50;
const askEveryMs = 10_000;

/** The account ids in a payload of any channel. */
function accountsIn(channel: string, payload: string): readonly string[] {
  return channel === epochChannel ? [payload.split(":", 1)[0] ?? ""] : payload.split(",");
}

/** Hands announcements to the subscribers of their accounts; listens only while there are any. */
class AccountEvents {
  readonly #byAccount = new Map<string, Set<Subscriber>>();
  #count = 0;
  #listener: Listener | undefined;
  #connectedBefore = false;
  #closed = false;

  /** @returns a function that ends the subscription; null when there is no room */
  subscribe(subscriber: Subscriber): (() => void) | null {
    if (this.#closed || this.#count >= mostSubscribers) return null;
    const { accountId } = subscriber;
    const subscribers = this.#byAccount.get(accountId) ?? new Set();
    if (subscribers.size >= mostOfAccount) return null;
    this.#byAccount.set(accountId, subscribers.add(subscriber));
    this.#count++;
    this.#listener ??= this.#listen();
    return () => {
      if (!subscribers.delete(subscriber)) return;
      this.#count--;
      if (subscribers.size === 0) this.#byAccount.delete(accountId);
      if (this.#count === 0) void this.#stop();
    };
  }

  /** Ends every subscription, for good. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const each of this.#all()) each.end();
    await this.#stop();
  }

  *#all(): Generator<Subscriber> {
    for (const subscribers of [...this.#byAccount.values()]) yield* [...subscribers];
  }

  #listen(): Listener {
    return listenOn(
      {
        channels: [trafficChannel, epochChannel, confirmationChannel],
        applicationName: "latchkey-live",
        everyMs: askEveryMs,
      },
      {
        heard: (channel, payload) => {
          const event = channel === trafficChannel ? "traffic" : "change";
          if (payload === everyAccount) for (const each of this.#all()) each.event(event);
          for (const accountId of accountsIn(channel, payload)) {
            for (const each of this.#byAccount.get(accountId) ?? []) each.event(event);
          }
        },
        connected: () => {
          if (this.#connectedBefore) for (const each of this.#all()) each.missed();
          this.#connectedBefore = true;
        },
        alive: () => {},
        lost: () => {},
      },
    );
  }

  async #stop(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    this.#connectedBefore = false;
    await listener?.close();
  }
}

// `next dev` reloads modules, and the server is bundled apart from the pages; both must share one.
const shared = globalThis as typeof globalThis & { latchkeyAccountEvents?: AccountEvents };

/** The events of this process, on one connection to `DATABASE_URL`. */
export function accountEvents(): AccountEvents {
  shared.latchkeyAccountEvents ??= new AccountEvents();
  return shared.latchkeyAccountEvents;
}

/** Ends the open pages' subscriptions of this process, if there are any: they would keep it from ending. */
export async function closeAccountEvents(): Promise<void> {
  await shared.latchkeyAccountEvents?.close();
}
