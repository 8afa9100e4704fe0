import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import { deviceKey } from "@/lib/domain/user-agent";
import { queueNotice } from "../mail/queue";
import { isVouchedByMailbox } from "./login-limit";

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

/** The devices that a user's remembered sessions came from. A failed sign-in makes no session, so none is known by it. */
async function knownDevices(tx: Pick<Transaction, "session">, userId: string): Promise<ReadonlySet<string>> {
  return new Set((await rememberedSessions(tx, userId)).map(({ device }) => device));
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
  return oldest ?? ((await isVouchedByMailbox(userId, here)) ? `mailbox ${here}` : null);
}

/** Someone who registers signs in for the first time with it; that is no news. Milliseconds. */
const registrationMs = 10 * 60_000;

/**
 * Tells a user by mail of a sign-in from a browser and network that none of their sessions came from before. To be
 * called before the new session is made.
 */
export async function tellNewDevice(tx: Transaction, userId: string, origin: Origin): Promise<void> {
  const devices = await knownDevices(tx, userId);
  if (devices.has(deviceKey(origin))) return;
  const user = await tx.user.findUniqueOrThrow({
    where: { id: userId },
    select: { email: true, createdAt: true },
  });
  const registers = devices.size === 0 && Date.now() - user.createdAt.getTime() < registrationMs;
  if (!registers) await queueNotice(tx, "new_device", user.email, {}, origin);
}
