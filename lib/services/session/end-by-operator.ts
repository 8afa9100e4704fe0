import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import { normaliseEmail } from "../account/email";
import { changePerson } from "../change-self";
import { liveAt } from "./live";
import { forgetPendingSignIns } from "./pending-sign-in";

/** Whose sessions an operator ended, and how many were live. */
export interface EndedSessions {
  readonly people: number;
  readonly sessions: number;
}

/** Where an operator acts, as it is written into trails. */
const machine: Origin = { address: "unknown", userAgent: "Latchkey operator" };

/**
 * Ends all sessions of one person, and sign-ins of theirs that wait for the second step. Each of their accounts gets
 * the event, without an actor. Whoever calls this stands at the machine: it asks for no permission and must not be
 * reachable by the web.
 *
 * @returns null when nobody has this address
 */
export async function endSessionsOf(email: string): Promise<EndedSessions | null> {
  const user = await db.user.findUnique({
    where: { email: normaliseEmail(email).replaceAll("\0", "") },
    select: { id: true, email: true },
  });
  return user && { people: 1, sessions: await endAll(user) };
}

/** The same for everybody. One person after the other: what was done stays done when it is interrupted. */
export async function endSessionsOfAll(): Promise<EndedSessions> {
  const users = await db.user.findMany({ select: { id: true, email: true }, orderBy: { id: "asc" } });
  let [people, sessions] = [0, 0];
  for (const user of users) {
    const ended = await endAll(user);
    sessions += ended;
    if (ended > 0) people += 1;
  }
  return { people, sessions };
}

function endAll({ id: userId, email }: { readonly id: string; readonly email: string }): Promise<number> {
  const work = async (tx: Transaction) => {
    const now = new Date();
    await forgetPendingSignIns(tx, userId);
    const { count } = await tx.session.updateMany({
      where: { userId, ...liveAt(now) },
      data: { revokedAt: now },
    });
    const event = {
      action: "session.revoked",
      targetType: "user",
      targetLabel: email,
      details: { count, by: "operator" },
    } as const;
    return { result: count, event: count > 0 ? event : null };
  };
  return changePerson({ ...machine, userId, email }, work, { actorUserId: null, actorLabel: "" });
}
