import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import type { Actor, Origin, Person } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { shownName } from "@/lib/domain/seen-text";
import {
  type CookieWorth,
  formerCookieMs,
  judgeGeneration,
  sessionAbsoluteSeconds,
  sessionIdleSeconds,
} from "@/lib/domain/session";
import { authorize } from "../authorize";
import { factorColumns, factorsIn, requiresTwoStep } from "../two-step/second-factors";
import { tellNewDevice } from "./new-device";

/** The condition of a session that still counts: not revoked, within its idle and absolute limits. */
export function liveAt(now: Date) {
  return {
    revokedAt: null,
    expiresAt: { gt: now },
    lastSeenAt: { gt: new Date(now.getTime() - sessionIdleSeconds * 1000) },
  };
}

/** Who signed in, and the session that was made for it. */
export interface SignedIn {
  readonly userId: string;
  readonly sessionId: string;
}

/**
 * Makes a session with an id of its own: one that an attacker planted before sign-in is worth nothing. A sign-in
 * from a new device is told by mail.
 *
 * @param provenAt when its person proved who they are, when that is not now
 */
export async function newSession(
  tx: Transaction,
  member: { userId: string; accountId: string | null },
  origin: Origin,
  provenAt: Date = new Date(),
): Promise<string> {
  await tellNewDevice(tx, member.userId, origin);
  const now = new Date();
  const session = await tx.session.create({
    data: {
      userId: member.userId,
      accountId: member.accountId,
      createdAt: now,
      lastSeenAt: now,
      provenAt,
      expiresAt: new Date(now.getTime() + sessionAbsoluteSeconds * 1000),
      address: origin.address,
      userAgent: origin.userAgent,
    },
    select: { id: true },
  });
  return session.id;
}

const cookieSchema = z.object({ sessionId: z.uuid(), generation: z.int().nonnegative() });

/**
 * What a cookie of this generation is worth. Notes when the newest comes back for the first time: the one before it
 * counts for ten seconds more. That the session itself is live is not asked here.
 */
export async function cookieWorth(sessionId: string, generation: number): Promise<CookieWorth> {
  if (!cookieSchema.safeParse({ sessionId, generation }).success) return "ended";
  const session = await db.session.findUnique({
    where: { id: sessionId },
    select: { generation: true, formerUntil: true },
  });
  if (!session) return "ended";
  const now = new Date();
  const worth = judgeGeneration(session, generation, now);
  if (worth === "arrived") {
    await db.session.updateMany({
      where: { id: sessionId, generation, formerUntil: null },
      data: { formerUntil: new Date(now.getTime() + formerCookieMs) },
    });
  }
  return worth;
}

/**
 * Makes a new cookie due after a proof, and begins the end of the present one (OWASP ASVS 5.0, 7.2.4). While the last
 * one that was made has not come back, it is that one again: two tabs that prove at once get the same.
 *
 * @returns its generation
 * @throws Refusal `unauthenticated` when the session is over
 */
export async function nextGeneration(actor: Actor): Promise<number> {
  authorize(actor, "self.change");
  const [row] = await db.$queryRaw<{ generation: number }[]>`
    UPDATE "Session"
       SET "generation" = "generation" + CASE WHEN "generation" > 0 AND "formerUntil" IS NULL THEN 0 ELSE 1 END,
           "formerUntil" = NULL
     WHERE "id" = ${actor.sessionId}::uuid AND "userId" = ${actor.userId}::uuid AND "revokedAt" IS NULL
    RETURNING "generation"`;
  if (!row) throw new Refusal("unauthenticated");
  return row.generation;
}

/** A session's last use is written at most this often, in milliseconds. */
const seenEvery = 60_000;

/** Notes that a live session is used, and from where. Only what a person does counts, not what a page does. */
export async function touchSession(sessionId: string, origin: Origin): Promise<void> {
  const now = new Date();
  await db.session.updateMany({
    where: { id: sessionId, revokedAt: null, lastSeenAt: { lte: new Date(now.getTime() - seenEvery) } },
    data: { lastSeenAt: now, address: origin.address, userAgent: origin.userAgent },
  });
}

const sessionIdSchema = z.uuid();

/**
 * The actor of a session, read from the database at each request, so that a revoked session, a changed role
 * or a left account takes effect at once. null when the session is unknown, revoked or over.
 *
 * @param isUse false for what a page does by itself: it must not keep a session alive
 */
export async function resolveSession(sessionId: string, origin: Origin, isUse = true): Promise<Actor | null> {
  if (!sessionIdSchema.safeParse(sessionId).success) return null;
  const session = await db.session.findFirst({
    where: { id: sessionId, ...liveAt(new Date()) },
    select: {
      userId: true,
      accountId: true,
      provenAt: true,
      user: {
        select: {
          email: true,
          memberships: { select: { accountId: true, role: true } },
          ...factorColumns,
        },
      },
      account: { select: { name: true, requireTwoStep: true } },
    },
  });
  const membership = session?.user.memberships.find((one) => one.accountId === session.accountId);
  if (!session?.account || !membership) return null;
  if (isUse) await touchSession(sessionId, origin);
  return {
    ...origin,
    kind: "person",
    userId: session.userId,
    email: session.user.email,
    sessionId,
    accountId: membership.accountId,
    accountName: shownName(session.account.name),
    role: membership.role,
    provenAt: session.provenAt,
    twoStepMissing: requiresTwoStep(session.account) && factorsIn(session.user).length === 0,
  };
}

const resolvePersonSessionIdSchema = z.uuid();

/**
 * The person of a session, also of one that is in no account: theirs was deleted, or they were removed from
 * it. null when the session is unknown, revoked or over.
 */
export async function resolvePerson(sessionId: string, origin: Origin): Promise<Person | null> {
  if (!resolvePersonSessionIdSchema.safeParse(sessionId).success) return null;
  const session = await db.session.findFirst({
    where: { id: sessionId, ...liveAt(new Date()) },
    select: { userId: true, provenAt: true, user: { select: { email: true } } },
  });
  if (!session) return null;
  const { userId, provenAt, user } = session;
  return { ...origin, kind: "person", userId, email: user.email, sessionId, provenAt };
}

/** Deletes a user's sessions that ended so long ago that nobody asks for them; the audit trail keeps the story. */
export async function forgetEndedSessions(tx: Transaction, userId: string): Promise<void> {
  const longAgo = new Date(Date.now() - sessionAbsoluteSeconds * 1000);
  await tx.session.deleteMany({
    where: { userId, OR: [{ expiresAt: { lt: longAgo } }, { revokedAt: { lt: longAgo } }] },
  });
}
