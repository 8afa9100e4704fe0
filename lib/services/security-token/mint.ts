import { randomBytes } from "node:crypto";
import { clientTokenDigest } from "@/lib/crypto/digest";
import type { Transaction } from "@/lib/db/transaction";
import { formatClientToken, lastFour } from "@/lib/domain/client-token";

/** Makes the account's current token. The returned text exists nowhere else: only its digest is kept. */
export async function mintCurrentToken(tx: Transaction, accountId: string) {
  const token = formatClientToken(randomBytes(32));
  const digest = new Uint8Array(clientTokenDigest(token));
  const { id } = await tx.clientToken.create({
    data: { accountId, state: "current", digest, lastFour: lastFour(token) },
    select: { id: true },
  });
  return { token, id, lastFour: lastFour(token) };
}

/** Retires every live token of the account; their digests stay, so that a rejection can say `retired`. */
export async function retireTokens(tx: Transaction, accountId: string): Promise<void> {
  await tx.clientToken.updateMany({
    where: { accountId, state: { not: "retired" } },
    data: { state: "retired", retireAt: new Date() },
  });
}
