import { z } from "zod";
import { inAccountTransaction, type Transaction } from "@/lib/db/transaction";
import type { Person } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { appendAudit } from "../audit/append";
import { by } from "../change";
import { parse } from "../parse";

const schema = z.object({ accountId: z.string() });

/**
 * Moves the person's session to another of their accounts. What is asked afterwards is asked of that one.
 *
 * @throws Refusal `not_found` when they are no member of it, `unauthenticated` when the session has ended,
 *   `sign_in_again` when their sessions there were ended and this one has not proved since who they are
 */
export async function enterAccount(person: Person, input: { accountId: string }): Promise<void> {
  const { accountId } = parse(schema, input);
  if (!z.uuid().safeParse(accountId).success) throw new Refusal("not_found");
  await inAccountTransaction(accountId, async (tx, account) => {
    const member = { userId: person.userId, accountId };
    const membership = await tx.membership.findUnique({ where: { userId_accountId: member } });
    if (!membership) throw new Refusal("not_found");
    if (!(await moveSession(tx, person, accountId, membership.sessionsEndedAt))) return;
    await appendAudit(tx, {
      ...by({ ...person, accountId }),
      action: "session.entered",
      targetType: "session",
      targetId: person.sessionId,
      targetLabel: account.name,
    });
  });
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
