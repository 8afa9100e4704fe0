import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import type { Actor, Origin, Person } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import type { SessionView } from "@/lib/domain/session";
import { normaliseEmail } from "../account/email-address";
import { authorize, requireProof } from "../authorize";
import { change } from "../change";
import { changePerson, changeSelf } from "../change-self";
import { parse } from "../parse";
import { forgetPendingSignIns } from "./pending-sign-in";
import { liveAt } from "./session";

/** The actor's own live sessions, in whichever account: the current one first, then by last use. */
export async function listSessions(actor: Actor): Promise<SessionView[]> {
  authorize(actor, "account.read");
  const rows = await db.session.findMany({
    where: { userId: actor.userId, ...liveAt(new Date()) },
    orderBy: [{ lastSeenAt: "desc" }, { id: "desc" }],
    select: { id: true, address: true, userAgent: true, createdAt: true, lastSeenAt: true },
  });
  const views = rows.map((row) => ({ ...row, current: row.id === actor.sessionId }));
  return views.sort((a, b) => Number(b.current) - Number(a.current));
}

/** Ends the actor's own session at once. Safe to call twice. */
export function signOut(actor: Actor): Promise<void> {
  return change(actor, "self.change", async ({ tx }) => {
    const { count } = await tx.session.updateMany({
      where: { id: actor.sessionId, accountId: actor.accountId, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    return {
      result: undefined,
      event:
        count > 0 ? { action: "session.signed_out", targetType: "session", targetId: actor.sessionId } : null,
      altersDecision: false,
    };
  });
}

const schema = z.object({ sessionId: z.string() });

/**
 * Ends one of the actor's own sessions at once, in whichever account.
 *
 * @throws Refusal `forbidden`, `proof_required`, or `not_found` when it is none of theirs, or over already
 */
export async function revokeSession(actor: Actor, input: { sessionId: string }): Promise<void> {
  authorize(actor, "self.change");
  requireProof(actor);
  const { sessionId } = parse(schema, input);
  if (!z.uuid().safeParse(sessionId).success) throw new Refusal("not_found");
  const own = { id: sessionId, userId: actor.userId };
  await changeSelf(actor, async (tx) => {
    const now = new Date();
    const session = await tx.session.findFirst({ where: { ...own, ...liveAt(now) } });
    if (!session) throw new Refusal("not_found");
    await tx.session.updateMany({ where: own, data: { revokedAt: now } });
    return {
      result: undefined,
      event: {
        action: "session.revoked",
        targetType: "session",
        targetId: sessionId,
        targetLabel: session.address,
        details: { count: 1 },
      },
    };
  });
}

/**
 * Ends all the actor's sessions but the current one, in whichever account. Returns how many.
 *
 * @throws Refusal `forbidden`, `proof_required`
 */
export async function revokeOtherSessions(actor: Actor): Promise<number> {
  authorize(actor, "self.change");
  requireProof(actor);
  return changeSelf(actor, async (tx) => {
    const now = new Date();
    const { count } = await tx.session.updateMany({
      where: { userId: actor.userId, id: { not: actor.sessionId }, ...liveAt(now) },
      data: { revokedAt: now },
    });
    return {
      result: count,
      event: count > 0 ? { action: "session.revoked", targetType: "session", details: { count } } : null,
    };
  });
}

/** Ends the session of someone who is in no account, where no trail could record it. Safe to call twice. */
export async function endOwnSession(person: Pick<Person, "sessionId" | "userId">): Promise<void> {
  await db.session.updateMany({
    where: { id: person.sessionId, userId: person.userId, revokedAt: null },
    data: { revokedAt: new Date() },
  });
}

/** Whose sessions an operator ended, and how many were live. */
interface EndedSessions {
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
