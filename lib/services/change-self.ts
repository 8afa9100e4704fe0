import { inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Actor, Origin } from "@/lib/domain/actor";
import { type AuditInput, type AuditRecord, appendAudit } from "./audit/append";
import { authorize } from "./authorize";

/** What a person's change of their own sign-in did. Without an event nothing changed, and nothing is recorded. */
export interface SelfOutcome<T> {
  readonly result: T;
  readonly event: AuditRecord | null;
}

/**
 * One change of how the actor signs in. It concerns every account the person is a member of, so each of them
 * gets the event; the rows of all are held, in one order, so that two such changes never wait for each other.
 * It happens whole or not at all.
 *
 * @throws Refusal `forbidden`, or what `work` refuses with
 */
export async function changeSelf<T>(
  actor: Actor,
  work: (tx: Transaction) => Promise<SelfOutcome<T>>,
): Promise<T> {
  authorize(actor, "self.change");
  return changePerson(actor, work);
}

/**
 * The same for someone who is not signed in and proved who they are in another way, as by a link sent by mail.
 *
 * @param actor who did it; the person, unless somebody at the machine did it for them
 * @throws Refusal that `work` refuses with
 */
export async function changePerson<T>(
  { userId, email, address, userAgent }: Origin & { readonly userId: string; readonly email: string },
  work: (tx: Transaction) => Promise<SelfOutcome<T>>,
  actor: Pick<AuditInput, "actorUserId" | "actorLabel"> = { actorUserId: userId, actorLabel: email },
): Promise<T> {
  return inTransaction(async (tx) => {
    const accounts = await holdAccounts(tx, userId);
    const { result, event } = await work(tx);
    const by = { ...actor, address, userAgent };
    for (const accountId of event ? accounts : []) {
      if (event) await appendAudit(tx, { ...event, ...by, accountId });
    }
    return result;
  });
}

/** Accounts first, the person last: whoever holds an account's row may want a person's next. */
async function holdAccounts(tx: Transaction, userId: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "Account"
    WHERE "id" IN (SELECT "accountId" FROM "Membership" WHERE "userId" = ${userId}::uuid)
    ORDER BY "id" FOR UPDATE`;
  await tx.$executeRaw`SELECT 1 FROM "User" WHERE "id" = ${userId}::uuid FOR NO KEY UPDATE`;
  return rows.map(({ id }) => id);
}
