import type { Transaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import { sessionAbsoluteSeconds } from "@/lib/domain/session";
import { tellNewDevice } from "./tell-new-device";

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
