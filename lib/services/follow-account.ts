import { z } from "zod";
import { type AccountEvent, accountEvents } from "@/lib/db/account-events";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { liveAt } from "./session/session";
import { factorColumns, factorsIn, requiresTwoStep } from "./two-step/second-factors";
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

/**
 * Whether the actor's session still counts, is still one of a member, and has the second factor that the account
 * may have begun to require. Does not count as a use of it.
 */
export async function isSessionLive({
  sessionId,
  accountId,
}: Pick<Actor, "sessionId" | "accountId">): Promise<boolean> {
  const user = { memberships: { some: { accountId } } };
  const found = await db.session.findFirst({
    where: { id: sessionId, accountId, ...liveAt(new Date()), user },
    select: { account: { select: { requireTwoStep: true } }, user: { select: factorColumns } },
  });
  if (!found?.account) return false;
  return !requiresTwoStep(found.account) || factorsIn(found.user).length > 0;
}
