import type { Transaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import { deviceKey } from "@/lib/domain/device";
import { queueNotice } from "../mail/queue-notice";

/** Sessions that are looked at, the newest first. */
const remembered = 200;

/** Someone who registers signs in for the first time with it; that is no news. Milliseconds. */
const registrationMs = 10 * 60_000;

/**
 * Tells a user by mail of a sign-in from a browser and network that none of their sessions came from before. To be
 * called before the new session is made.
 */
export async function tellNewDevice(tx: Transaction, userId: string, origin: Origin): Promise<void> {
  const sessions = await tx.session.findMany({
    where: { userId },
    select: { address: true, userAgent: true },
    orderBy: { lastSeenAt: "desc" },
    take: remembered,
  });
  const device = deviceKey(origin);
  if (sessions.some((each) => deviceKey(each) === device)) return;
  const user = await tx.user.findUniqueOrThrow({
    where: { id: userId },
    select: { email: true, createdAt: true },
  });
  const registers = sessions.length === 0 && Date.now() - user.createdAt.getTime() < registrationMs;
  if (!registers) await queueNotice(tx, "new_device", user.email, {}, origin);
}
