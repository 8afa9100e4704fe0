import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import { operator, type Person } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import type { SessionView } from "@/lib/domain/session";
import { normaliseEmail, whereEmail } from "../account/email-address";
import { changePerson, changeUseCase, readUseCase, selfUseCase } from "../use-case";
import { forgetPendingSignIns } from "./pending-sign-in";
import { liveAt } from "./session";

/** The actor's own live sessions, in whichever account: the current one first, then by last use. */
export const listSessions = readUseCase({
  permission: "account.read",
  run: async ({ userId, sessionId }): Promise<SessionView[]> => {
    const rows = await db.session.findMany({
      where: { userId, ...liveAt(new Date()) },
      orderBy: [{ lastSeenAt: "desc" }, { id: "desc" }],
      select: { id: true, address: true, userAgent: true, createdAt: true, lastSeenAt: true },
    });
    const views = rows.map((row) => ({ ...row, current: row.id === sessionId }));
    return views.sort((a, b) => Number(b.current) - Number(a.current));
  },
});

/** Ends the actor's own session at once. Safe to call twice. */
export const signOut = changeUseCase({
  permission: "self.change",
  altersDecision: false,
  run: async ({ tx, account, actor: { sessionId } }) => {
    const { count } = await tx.session.updateMany({
      where: { id: sessionId, accountId: account.id, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    const event = { action: "session.signed_out", targetType: "session", targetId: sessionId } as const;
    return { result: undefined, event: count > 0 ? event : null };
  },
});

/** Ends the session of someone who is in no account, where no trail could record it. Safe to call twice. */
export async function endOwnSession(person: Pick<Person, "sessionId" | "userId">): Promise<void> {
  await db.session.updateMany({
    where: { id: person.sessionId, userId: person.userId, revokedAt: null },
    data: { revokedAt: new Date() },
  });
}

/**
 * Ends one of the actor's own sessions at once, in whichever account.
 *
 * @throws Refusal `forbidden`, `proof_required`, or `not_found` when it is none of theirs, or over already
 */
export const revokeSession = selfUseCase({
  proof: true,
  input: z.object({ sessionId: z.string() }),
  run: async ({ tx, actor: { userId } }, { sessionId: id }) => {
    const now = new Date();
    const known = z.uuid().safeParse(id).success;
    const session = known && (await tx.session.findFirst({ where: { id, userId, ...liveAt(now) } }));
    if (!session) throw new Refusal("not_found");
    await tx.session.updateMany({ where: { id, userId }, data: { revokedAt: now } });
    const target = { targetType: "session", targetId: id, targetLabel: session.address } as const;
    return { result: undefined, event: { action: "session.revoked", ...target, details: { count: 1 } } };
  },
});

/**
 * Ends all the actor's sessions but the current one, in whichever account. Returns how many.
 *
 * @throws Refusal `forbidden`, `proof_required`
 */
export const revokeOtherSessions = selfUseCase({
  proof: true,
  run: async ({ tx, actor: { userId, sessionId } }) => {
    const count = await endLiveSessions(tx, { userId, id: { not: sessionId } });
    const event = { action: "session.revoked", targetType: "session", details: { count } } as const;
    return { result: count, event: count > 0 ? event : null };
  },
});

/** Ends those of these sessions that still count. Returns how many. */
export async function endLiveSessions(
  tx: Transaction,
  which: { readonly userId: string; readonly id?: { readonly not: string } },
): Promise<number> {
  const now = new Date();
  const where = { ...which, ...liveAt(now) };
  return (await tx.session.updateMany({ where, data: { revokedAt: now } })).count;
}

/** Whose sessions an operator ended, and how many were live. */
interface EndedSessions {
  readonly people: number;
  readonly sessions: number;
}

/**
 * Ends all sessions of one person, and sign-ins of theirs that wait for the second step. Each of their accounts gets
 * the event, without an actor. Whoever calls this stands at the machine: it asks for no permission and must not be
 * reachable by the web.
 *
 * @returns null when nobody has this address
 */
export async function endSessionsOf(typed: string): Promise<EndedSessions | null> {
  const where = whereEmail(normaliseEmail(typed));
  const user = await db.user.findUnique({ where, select: { id: true, email: true } });
  return user && { people: 1, sessions: await endAllOf(user) };
}

/** The same for everybody. One person after the other: what was done stays done when it is interrupted. */
export async function endSessionsOfAll(): Promise<EndedSessions> {
  const users = await db.user.findMany({ select: { id: true, email: true }, orderBy: { id: "asc" } });
  let [people, sessions] = [0, 0];
  for (const user of users) {
    const ended = await endAllOf(user);
    sessions += ended;
    if (ended > 0) people += 1;
  }
  return { people, sessions };
}

function endAllOf(user: { readonly id: string; readonly email: string }): Promise<number> {
  return changePerson(user.id, operator, async (tx) => {
    await forgetPendingSignIns(tx, user.id);
    const count = await endLiveSessions(tx, { userId: user.id });
    const details = { count, by: "operator" };
    const target = { targetType: "user", targetLabel: user.email } as const;
    const event = { action: "session.revoked", ...target, details } as const;
    return { result: count, event: count > 0 ? event : null };
  });
}
