import { z } from "zod";
import { db } from "@/lib/db/client";
import { type LiveSession, readLiveSession } from "@/lib/db/sessions";
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
import { deviceKey } from "@/lib/domain/user-agent";
import { noticeMail, queueMail } from "../mail/queue";
import { requiresTwoStep } from "../two-step/second-factors";
import { authorize } from "../use-case";
import { hasMailboxProof } from "./login-limit";

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
 * Makes a session with an id of its own: one that an attacker planted before sign-in is worth nothing. Its user
 * gets a mail when it comes from a new device.
 *
 * @param provenAt when its person proved who they are, when that is not now
 */
export async function newSession(
  tx: Transaction,
  { userId, accountId }: { readonly userId: string; readonly accountId: string | null },
  { address, userAgent }: Origin,
  provenAt: Date = new Date(),
): Promise<string> {
  await mailAboutNewDevice(tx, userId, { address, userAgent });
  const now = new Date();
  const expiresAt = new Date(now.getTime() + sessionAbsoluteSeconds * 1000);
  const session = await tx.session.create({
    data: { userId, accountId, createdAt: now, lastSeenAt: now, provenAt, expiresAt, address, userAgent },
    select: { id: true },
  });
  return session.id;
}

/** Sessions that are looked at, the newest first. */
const remembered = 200;

async function rememberedSessions(tx: Pick<Transaction, "session">, userId: string) {
  const sessions = await tx.session.findMany({
    where: { userId },
    select: { id: true, address: true, userAgent: true },
    orderBy: { lastSeenAt: "desc" },
    take: remembered,
  });
  return sessions.map(({ id, ...origin }) => ({ id, device: deviceKey(origin) }));
}

/** Someone who registers signs in for the first time with it; that is no news. Milliseconds. */
const registrationMs = 10 * 60_000;

/**
 * Sends a user a mail about a sign-in from a browser and network that none of their sessions came from before. A
 * failed sign-in makes no session, so none is known by it. To be called before the new session is made.
 */
async function mailAboutNewDevice(tx: Transaction, userId: string, origin: Origin): Promise<void> {
  const devices = new Set((await rememberedSessions(tx, userId)).map(({ device }) => device));
  if (devices.has(deviceKey(origin))) return;
  const select = { email: true, createdAt: true } as const;
  const user = await tx.user.findUniqueOrThrow({ where: { id: userId }, select });
  const registers = devices.size === 0 && Date.now() - user.createdAt.getTime() < registrationMs;
  if (!registers) await queueMail(tx, noticeMail("new_device", user.email, {}, origin));
}

/**
 * What vouches for tries of this origin being the user's own, or null: the oldest of their sessions on this device,
 * or that they have set a new password here by mail within the hour. The session and not the device, because a
 * session wanders: whoever has stolen one takes it from network to network, and wins no more tries by that.
 */
export async function knownDevice(userId: string, origin: Origin): Promise<string | null> {
  const here = deviceKey(origin);
  const sessions = await rememberedSessions(db, userId);
  // Ids of sessions sort by time (UUIDv7).
  const [oldest] = sessions.flatMap(({ id, device }) => (device === here ? [id] : [])).sort();
  return oldest ?? ((await hasMailboxProof(userId, here)) ? `mailbox ${here}` : null);
}

/**
 * Puts the person's session into an account that they are a member of.
 *
 * @param provenSince a session without a proof after this moment is refused
 * @returns false when it is there already
 * @throws Refusal `unauthenticated` when the session has ended, `sign_in_again`
 */
export async function moveSession(
  tx: Transaction,
  person: Person,
  accountId: string,
  provenSince: Date | null,
): Promise<boolean> {
  const own = { id: person.sessionId, userId: person.userId, revokedAt: null };
  const session = await tx.session.findFirst({ where: own, select: { accountId: true, provenAt: true } });
  if (!session) throw new Refusal("unauthenticated");
  if (session.accountId === accountId) return false;
  if (provenSince && session.provenAt <= provenSince) throw new Refusal("sign_in_again");
  const { count } = await tx.session.updateMany({ where: own, data: { accountId } });
  if (count === 0) throw new Refusal("unauthenticated");
  return true;
}

const isId = (text: string) => z.uuid().safeParse(text).success;

/**
 * A session that counts, with whom it is of, read from the database at each request, so that a revoked session, a
 * changed role or a left account takes effect at once. null when it is unknown, revoked or over.
 */
export async function liveSession(sessionId: string): Promise<LiveSession | null> {
  return isId(sessionId) ? readLiveSession(sessionId, new Date()) : null;
}

/** Whose session it is, also of one that is in no account: theirs was deleted, or they were removed from it. */
export function personOf({ id, userId, email, provenAt }: LiveSession, origin: Origin): Person {
  return { ...origin, kind: "person", userId, email, sessionId: id, provenAt };
}

/** Whether the account of a session, or the server, asks for a second factor that its person does not have. */
function lacksSecondFactor({ requireTwoStep, hasSecondFactor }: LiveSession): boolean {
  return requiresTwoStep({ requireTwoStep: requireTwoStep === true }) && !hasSecondFactor;
}

/**
 * Who acts by a session; null while it is in no account that its person is a member of.
 *
 * @param isUse false for what a page does by itself: it must not keep a session alive
 */
export async function actorOf(session: LiveSession, origin: Origin, isUse = true): Promise<Actor | null> {
  const { accountId, accountName, role } = session;
  if (accountId === null || accountName === null || role === null) return null;
  if (isUse) await noteSessionUse(session.id, origin);
  const twoStepMissing = lacksSecondFactor(session);
  return {
    ...personOf(session, origin),
    accountId,
    accountName: shownName(accountName),
    role,
    twoStepMissing,
  };
}

/** Who acts by the session of this id, if anyone does, as `actorOf` says it. */
export async function resolveSession(sessionId: string, origin: Origin, isUse = true): Promise<Actor | null> {
  const session = await liveSession(sessionId);
  return session && actorOf(session, origin, isUse);
}

/**
 * Whether the actor's session still counts, is still one of a member, and has the second factor that the account
 * may have begun to require. Does not count as a use of it.
 */
export async function isSessionLive({
  sessionId,
  accountId,
}: Pick<Actor, "sessionId" | "accountId">): Promise<boolean> {
  const session = await liveSession(sessionId);
  return session !== null && session.accountId === accountId && !lacksSecondFactor(session);
}

/** A session's last use is written at most this often, in milliseconds. */
const seenEvery = 60_000;

/** Notes that a live session is used, and from where. Only what a person does counts, not what a page does. */
export async function noteSessionUse(sessionId: string, origin: Origin): Promise<void> {
  const now = new Date();
  await db.session.updateMany({
    where: { id: sessionId, revokedAt: null, lastSeenAt: { lte: new Date(now.getTime() - seenEvery) } },
    data: { lastSeenAt: now, address: origin.address, userAgent: origin.userAgent },
  });
}

/**
 * What a cookie of this generation is worth. Notes when the newest comes back for the first time: the one before it
 * counts for ten seconds more.
 */
export async function cookieWorth(session: LiveSession, generation: number): Promise<CookieWorth> {
  const now = new Date();
  const worth = judgeGeneration(session, generation, now);
  if (worth === "arrived") {
    await db.session.updateMany({
      where: { id: session.id, generation, formerUntil: null },
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
  const { sessionId, userId } = actor;
  // One statement that waits for no account: the proof that it follows is committed already.
  const [row] = await db.$queryRaw<{ generation: number }[]>`
    UPDATE "Session"
       SET "generation" = "generation" + CASE WHEN "generation" > 0 AND "formerUntil" IS NULL THEN 0 ELSE 1 END,
           "formerUntil" = NULL
     WHERE "id" = ${sessionId}::uuid AND "userId" = ${userId}::uuid AND "revokedAt" IS NULL
    RETURNING "generation"`;
  if (!row) throw new Refusal("unauthenticated");
  return row.generation;
}

/** Deletes a user's sessions that ended so long ago that nobody asks for them; the audit trail keeps the story. */
export async function forgetEndedSessions(tx: Transaction, userId: string): Promise<void> {
  const longAgo = new Date(Date.now() - sessionAbsoluteSeconds * 1000);
  await tx.session.deleteMany({
    where: { userId, OR: [{ expiresAt: { lt: longAgo } }, { revokedAt: { lt: longAgo } }] },
  });
}
