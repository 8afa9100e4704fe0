import type { Transaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import { deviceKey } from "@/lib/domain/device";

/** Sessions that are looked at, the newest first. */
const remembered = 200;

/** The devices that a user's remembered sessions came from. A failed sign-in makes no session, so none is known by it. */
export async function knownDevices(
  tx: Pick<Transaction, "session">,
  userId: string,
): Promise<ReadonlySet<string>> {
  const sessions = await tx.session.findMany({
    where: { userId },
    select: { address: true, userAgent: true },
    orderBy: { lastSeenAt: "desc" },
    take: remembered,
  });
  return new Set(sessions.map(deviceKey));
}

/** The device of this origin when the user has signed in from it before, else null. */
export async function knownDevice(
  tx: Pick<Transaction, "session">,
  userId: string,
  origin: Origin,
): Promise<string | null> {
  const device = deviceKey(origin);
  return (await knownDevices(tx, userId)).has(device) ? device : null;
}
