import { type AccountEvent, accountEvents } from "@/lib/db/account-events";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { authorize } from "../authorize";
import { isSessionLive } from "./is-session-live";

/** What a page that follows its account gets. */
export interface Follower {
  /** Something happened that the page may show. Says what kind, never more. */
  readonly event: (event: AccountEvent) => void;
  /** It may follow no longer. */
  readonly end: () => void;
}

/** How long a session that has ended is still told that something happens; milliseconds. */
const lookEveryMs = 5000;

/**
 * Tells when something happens in the actor's account, until the session ends. Events that are missed while
 * the database is gone are made up for by one.
 *
 * @returns a function that ends it
 * @throws Refusal `forbidden`, or `limited` when too many pages are open already
 */
export function followAccount(actor: Actor, { event, end }: Follower): () => void {
  authorize(actor, "caller.read");
  const { accountId } = actor;
  const unsubscribe = accountEvents().subscribe({
    accountId,
    event,
    missed: () => event("change"),
    end: () => finish(),
  });
  if (!unsubscribe) throw new Refusal("limited");
  const timer = setInterval(() => void look(), lookEveryMs);
  timer.unref();

  function stop() {
    clearInterval(timer);
    unsubscribe?.();
  }

  function finish() {
    stop();
    end();
  }

  async function look() {
    // While the database is gone nothing can be said either way, and no event comes.
    const live = await isSessionLive(actor).catch(() => true);
    if (!live) finish();
  }

  return stop;
}
