import type { Transaction } from "@/lib/db/transaction";
import { type Enforcement, type TokenStatus, tokenStatus } from "@/lib/domain/enforcement";
import type { RetiringToken, SecurityTokenView } from "@/lib/domain/security-token";

/** What of the database the view needs; `db` and a transaction both have it. */
type Reader = Pick<Transaction, "clientToken" | "instance">;

/** An account as far as the view needs it. */
interface AccountState {
  readonly id: string;
  readonly enforcement: Enforcement;
}

/** The account's current token as stored, without its digest; null when there is none. */
export function currentToken(tx: Pick<Transaction, "clientToken">, accountId: string) {
  return tx.clientToken.findFirst({
    where: { accountId, state: "current" },
    select: { id: true, lastFour: true, createdAt: true },
  });
}

/**
 * The token before the current one, as long as it is accepted too. Past its time it counts as retired, also
 * where the row does not say so yet: the gates go by the time as well.
 */
export function retiringToken(
  tx: Pick<Transaction, "clientToken">,
  accountId: string,
): Promise<RetiringToken | null> {
  const live = [{ retireAt: null }, { retireAt: { gt: new Date() } }];
  return tx.clientToken.findFirst({
    where: { accountId, state: "retiring", OR: live },
    select: { id: true, lastFour: true, retireAt: true },
  });
}

async function countEnforced(tx: Reader, account: AccountState, total: number): Promise<number> {
  if (account.enforcement === "off") return 0;
  if (account.enforcement === "on") return total;
  return tx.instance.count({ where: { accountId: account.id, enforced: true } });
}

/** The state of the account's token as its owner sees it. */
export async function tokenView(tx: Reader, account: AccountState): Promise<SecurityTokenView> {
  const token = await currentToken(tx, account.id);
  const status: TokenStatus = tokenStatus(token !== null, account.enforcement);
  const totalInstances = await tx.instance.count({ where: { accountId: account.id } });
  return {
    status,
    lastFour: token?.lastFour ?? null,
    createdAt: token?.createdAt ?? null,
    enforcedInstances: token ? await countEnforced(tx, account, totalInstances) : 0,
    totalInstances,
    tokenId: token?.id ?? null,
    retiring: token && (await retiringToken(tx, account.id)),
  };
}
