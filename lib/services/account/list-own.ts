import { db } from "@/lib/db/client";
import type { Person } from "@/lib/domain/actor";
import type { OwnAccount } from "@/lib/domain/own-account";

/** The accounts that the person is a member of, by name. */
export async function listOwnAccounts({ userId }: Pick<Person, "userId">): Promise<OwnAccount[]> {
  const rows = await db.membership.findMany({
    where: { userId },
    orderBy: [{ account: { name: "asc" } }, { accountId: "asc" }],
    select: { role: true, account: { select: { id: true, name: true } } },
  });
  return rows.map(({ role, account }) => ({ ...account, role }));
}
