import { z } from "zod";
import { config } from "@/lib/config";
import { db } from "@/lib/db/client";
import { raiseEpoch } from "@/lib/db/epoch";
import { holdLock, inTransaction } from "@/lib/db/transaction";
import type { Actor, Person } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { type OwnAccount, retentionDays } from "@/lib/domain/membership";
import { appendAudit } from "../audit/append";
import { authorize } from "../authorize";
import { by, change } from "../change";
import { queueMail } from "../mail/queue";
import { nameSchema, parse, refuse, requireTypedName, typedNameSchema } from "../parse";
import { limitRegistration } from "../session/login-limit";
import { secondFactorsOf } from "../two-step/second-factors";
import { moveSession } from "./enter";
import { registrationState, registrationStateIn } from "./register";

const schema = z.object({ accountName: nameSchema });

/**
 * Makes another account, of which the person is the owner, and moves the session to it. Possible where
 * someone new could register.
 *
 * @throws Refusal `registration_closed`, `limited`, `unauthenticated`, `two_step_required` where REQUIRE_TWO_STEP
 *   asks for a second factor first, or `invalid` (accountName)
 */
export async function createAccount(person: Person, input: { accountName: string }): Promise<void> {
  if ((await registrationState()) === "closed") throw new Refusal("registration_closed");
  const { accountName } = parse(schema, input);
  await limitRegistration(person.address);
  await inTransaction(async (tx) => {
    await holdLock(tx, "registration");
    if ((await registrationStateIn(tx)) === "closed") throw new Refusal("registration_closed");
    if (config().requireTwoStep && (await secondFactorsOf(tx, person.userId)).length === 0) {
      throw new Refusal("two_step_required");
    }
    const account = await tx.account.create({ data: { name: accountName } });
    const accountId = account.id;
    await tx.membership.create({ data: { userId: person.userId, accountId, role: "owner" } });
    await moveSession(tx, person, accountId, null);
    await appendAudit(tx, {
      ...by({ ...person, accountId }),
      action: "account.created",
      targetType: "account",
      targetId: accountId,
      targetLabel: accountName,
    });
  });
}

/** The accounts that the person is a member of, by name. */
export async function listOwnAccounts({ userId }: Pick<Person, "userId">): Promise<OwnAccount[]> {
  const rows = await db.membership.findMany({
    where: { userId },
    orderBy: [{ account: { name: "asc" } }, { accountId: "asc" }],
    select: { role: true, account: { select: { id: true, name: true } } },
  });
  return rows.map(({ role, account }) => ({ ...account, role }));
}

const renameSchema = z.object({ accountName: nameSchema });

/**
 * Gives the account another name. Callers notice nothing.
 *
 * @throws Refusal `forbidden`, or `invalid` (accountName)
 */
export async function renameAccount(actor: Actor, input: { accountName: string }): Promise<void> {
  authorize(actor, "account.rename");
  const { accountName: name } = parse(renameSchema, input);
  await change(actor, "account.rename", async ({ tx, account }) => {
    const { name: from } = await tx.account.findUniqueOrThrow({ where: { id: account.id } });
    if (from === name) return { result: undefined, event: null, altersDecision: false };
    await tx.account.update({ where: { id: account.id }, data: { name } });
    return {
      result: undefined,
      event: {
        action: "account.renamed",
        targetType: "account",
        targetId: account.id,
        targetLabel: name,
        details: { from },
      },
      altersDecision: false,
    };
  });
}

/** For how many days callers and traffic of the account are kept. */
export async function readRetention(actor: Actor): Promise<number> {
  authorize(actor, "account.read");
  const where = { id: actor.accountId };
  return (await db.account.findUniqueOrThrow({ where, select: { trafficDays: true } })).trafficDays;
}

const changeRetentionSchema = z.object({
  days: z.string().transform((text, context) => {
    const days = /^\s*\d{1,4}\s*$/.test(text) ? Number(text) : Number.NaN;
    if (text.trim() === "") refuse(context, "required");
    else if (!(days >= retentionDays.min && days <= retentionDays.max)) {
      refuse(context, "days_invalid", retentionDays);
    }
    return days;
  }),
});

/**
 * Changes for how many days callers and traffic are kept. What is older is deleted within minutes; it does not
 * come back when the time is made longer again.
 *
 * @throws Refusal `forbidden`, `proof_required`, or `invalid` (days)
 */
export async function changeRetention(actor: Actor, input: { days: string }): Promise<void> {
  authorize(actor, "account.retention");
  const { days } = parse(changeRetentionSchema, input);
  await change(actor, "account.retention", async ({ tx, account }) => {
    const { count } = await tx.account.updateMany({
      where: { id: account.id, trafficDays: { not: days } },
      data: { trafficDays: days },
    });
    return {
      result: undefined,
      event:
        count > 0
          ? { action: "account.retention_changed", targetType: "account", details: { count: days } }
          : null,
      altersDecision: false,
    };
  });
}

const deleteSchema = z.object({ confirmName: typedNameSchema });

/**
 * Deletes the account for good, with everything in it: every instance answers 404 on every gate at once. Its
 * members stay signed in, in no account until they choose another, and all of them are told by mail.
 *
 * @param input `confirmName`: the account's name, typed by the person who deletes it
 * @throws Refusal `forbidden`, `proof_required`, or `invalid` (confirmName: name_mismatch)
 */
export async function deleteAccount(actor: Actor, input: { confirmName: string }): Promise<void> {
  authorize(actor, "account.delete");
  const { confirmName } = parse(deleteSchema, input);
  await change(actor, "account.delete", async ({ tx, account }) => {
    const { name } = await tx.account.findUniqueOrThrow({ where: { id: account.id } });
    requireTypedName({ name }, confirmName, "confirmName");
    // Announced while there still is an account whose epoch can be raised.
    await raiseEpoch(tx, account.id);
    const members = await tx.user.findMany({
      where: { memberships: { some: { accountId: account.id } } },
      select: { email: true },
    });
    const params = { account: name, by: actor.email };
    for (const { email: to } of members) await queueMail(tx, { to, template: "account_deleted", params });
    await tx.account.delete({ where: { id: account.id } });
    // The trail went with the account: nothing is left to record it in.
    return { result: undefined, event: null, altersDecision: false };
  });
}
