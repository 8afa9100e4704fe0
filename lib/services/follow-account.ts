import { z } from "zod";
import { type AccountEvent, accountEvents } from "@/lib/db/account-events";
import { Refusal } from "@/lib/domain/errors";
import { isSessionLive } from "./session/session";
import { readUseCase } from "./use-case";

/** How long a session that has ended is still told that something happens; milliseconds. */
const lookEveryMs = 5000;

/**
 * Tells when something happens in the actor's account, until the session ends. Events that are missed while
 * the database is gone are made up for by one.
 *
 * @returns a function that ends it
 * @throws Refusal `limited` when too many pages are open already
 */
export const followAccount = readUseCase({
  permission: "caller.read",
  input: z.object({
    /** Something happened that the page may show. Says what kind, never more. */
    event: z.custom<(event: AccountEvent) => void>(),
    /** It may follow no longer. */
    end: z.custom<() => void>(),
  }),
  run: async (actor, { event, end }): Promise<() => void> => {
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
  },
});
