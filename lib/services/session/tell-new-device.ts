import type { Transaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import { deviceKey } from "@/lib/domain/device";
import { queueNotice } from "../mail/queue-notice";
import { knownDevices } from "./known-device";

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
