import { z } from "zod";
import type { Transaction } from "@/lib/db/transaction";
import { Refusal } from "@/lib/domain/errors";

/**
 * One of the user's own passkeys.
 *
 * @throws Refusal `not_found` when it is somebody else's, or gone
 */
export async function findPasskey(
  tx: Transaction,
  userId: string,
  passkeyId: string,
): Promise<{ readonly id: string; readonly name: string }> {
  const known = z.uuid().safeParse(passkeyId).success;
  const passkey = known
    ? await tx.passkey.findFirst({ where: { id: passkeyId, userId }, select: { id: true, name: true } })
    : null;
  if (!passkey) throw new Refusal("not_found");
  return passkey;
}
