import { z } from "zod";
import { config } from "@/lib/config";
import { db } from "@/lib/db/client";
import { raiseEpoch } from "@/lib/db/epoch";
import { holdLock, inAccountTransaction, inTransaction } from "@/lib/db/transaction";
import type { Person } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { type OwnAccount, retentionDays } from "@/lib/domain/membership";
import { appendAudit } from "../audit/append";
import { memberEvent } from "../members/find";
import { nameSchema, optionalNameSchema, parse, refuse, requireTypedName, typedNameSchema } from "../parse";
import { limitRegistration } from "../session/login-limit";
import { moveSession } from "../session/session";
import { secondFactorsOf } from "../two-step/second-factors";
import { changeUseCase, readUseCase, recordedAs } from "../use-case";
import { registrationState, registrationStateIn } from "./register";

/** The accounts that the person is a member of, by name. */
export async function listOwnAccounts({ userId }: Pick<Person, "userId">): Promise<OwnAccount[]> {
  const rows = await db.membership.findMany({
    where: { userId },
    orderBy: [{ account: { name: "asc" } }, { accountId: "asc" }],
    select: { role: true, account: { select: { id: true, name: true } } },
  });
  return rows.map(({ role, account }) => ({ ...account, role }));
}

const accountNameSchema = z.object({ accountName: nameSchema });

/**
 * Makes another account, of which the person is the owner, and moves the session to it. Possible where
 * someone new could register.
 *
 * @throws Refusal `registration_closed`, `limited`, `unauthenticated`, `two_step_required` where REQUIRE_TWO_STEP
 *   asks for a second factor first, or `invalid` (accountName)
 */
export async function createAccount(person: Person, input: z.input<typeof accountNameSchema>): Promise<void> {
  if ((await registrationState()) === "closed") throw new Refusal("registration_closed");
  const { accountName } = parse(accountNameSchema, input);
  await limitRegistration(person.address);
  await inTransaction(async (tx) => {
    await holdLock(tx, "registration");
    const state = await registrationStateIn(tx);
    if (state === "closed") throw new Refusal("registration_closed");
    if (config().requireTwoStep && (await secondFactorsOf(tx, person.userId)).length === 0) {
      throw new Refusal("two_step_required");
    }
    const { id: accountId } = await tx.account.create({
      data: { name: accountName, isFirst: state === "first" },
    });
    await tx.membership.create({ data: { userId: person.userId, accountId, role: "owner" } });
    await moveSession(tx, person, accountId, null);
    const target = { targetType: "account", targetId: accountId, targetLabel: accountName } as const;
    await appendAudit(tx, { action: "account.created", ...target, ...recordedAs(person), accountId });
  });
}

/**
 * Moves the person's session to another of their accounts. What is asked afterwards is asked of that one.
 *
 * @throws Refusal `not_found` when they are no member of it, `unauthenticated` when the session has ended,
 *   `sign_in_again` when their sessions there were ended and this one has not proved since who they are
 */
export async function enterAccount(person: Person, input: { accountId: string }): Promise<void> {
  const { accountId } = parse(z.object({ accountId: z.string() }), input);
  if (!z.uuid().safeParse(accountId).success) throw new Refusal("not_found");
  await inAccountTransaction(accountId, async (tx, account) => {
    const member = { userId: person.userId, accountId };
    const membership = await tx.membership.findUnique({ where: { userId_accountId: member } });
    if (!membership) throw new Refusal("not_found");
    if (!(await moveSession(tx, person, accountId, membership.sessionsEndedAt))) return;
    const target = { targetType: "session", targetId: person.sessionId, targetLabel: account.name } as const;
    await appendAudit(tx, { action: "session.entered", ...target, ...recordedAs(person), accountId });
  });
}

/** The actor's own name, or null when they have given none. */
export const readOwnName = readUseCase({
  permission: "account.read",
  run: async ({ userId: id }): Promise<string | null> =>
    (await db.user.findUnique({ where: { id }, select: { name: true } }))?.name ?? null,
});

/**
 * Changes the actor's own name, in all their accounts. An empty one takes it away.
 *
 * @throws Refusal `invalid` (name)
 */
export const changeOwnName = changeUseCase({
  permission: "self.change",
  altersDecision: false,
  input: z.object({ name: optionalNameSchema }),
  run: async ({ tx, actor: { userId: id, email } }, { name }) => {
    const { count } = await tx.user.updateMany({
      where: { id, OR: [{ name: { not: name } }, ...(name === null ? [] : [{ name: null }])] },
      data: { name },
    });
    return { result: undefined, event: count > 0 ? memberEvent("member.renamed", { id, email }) : null };
  },
});

/**
 * Gives the account another name. Callers notice nothing.
 *
 * @throws Refusal `forbidden`, or `invalid` (accountName)
 */
export const renameAccount = changeUseCase({
  permission: "account.rename",
  altersDecision: false,
  input: accountNameSchema,
  run: async ({ tx, account: { id, name: from } }, { accountName: name }) => {
    if (from === name) return { result: undefined, event: null };
    await tx.account.update({ where: { id }, data: { name } });
    const target = { targetType: "account", targetId: id, targetLabel: name } as const;
    return { result: undefined, event: { action: "account.renamed", ...target, details: { from } } };
  },
});

/** For how many days callers and traffic of the account are kept. */
export const readRetention = readUseCase({
  permission: "account.read",
  run: async ({ accountId: id }): Promise<number> =>
    (await db.account.findUniqueOrThrow({ where: { id }, select: { trafficDays: true } })).trafficDays,
});

/**
 * Changes for how many days callers and traffic are kept. What is older is deleted within minutes; it does not
 * come back when the time is made longer again.
 *
 * @throws Refusal `forbidden`, `proof_required`, or `invalid` (days)
 */
export const changeRetention = changeUseCase({
  permission: "account.retention",
  altersDecision: false,
  input: z.object({
    days: z.string().transform((text, context) => {
      const days = /^\s*\d{1,4}\s*$/.test(text) ? Number(text) : Number.NaN;
      if (text.trim() === "") refuse(context, "required");
      else if (!(days >= retentionDays.min && days <= retentionDays.max)) {
        refuse(context, "days_invalid", retentionDays);
      }
      return days;
    }),
  }),
  run: async ({ tx, account: { id } }, { days }) => {
    const { count } = await tx.account.updateMany({
      where: { id, trafficDays: { not: days } },
      data: { trafficDays: days },
    });
    const details = { count: days };
    const event = { action: "account.retention_changed", targetType: "account", details } as const;
    return { result: undefined, event: count > 0 ? event : null };
  },
});

/**
 * Deletes the account for good, with everything in it: every instance answers 404 on every gate at once. Its
 * members stay signed in, in no account until they choose another, and all of them are told by mail. `confirmName`
 * is the account's name, typed by the person who deletes it.
 *
 * @throws Refusal `forbidden`, `proof_required`, or `invalid` (confirmName: name_mismatch)
 */
export const deleteAccount = changeUseCase({
  permission: "account.delete",
  altersDecision: true,
  input: z.object({ confirmName: typedNameSchema }),
  run: async ({ tx, account: { id, name }, actor }, { confirmName }) => {
    requireTypedName({ name }, confirmName, "confirmName");
    // Announced while there still is an account whose epoch can be raised.
    await raiseEpoch(tx, id);
    const members = await tx.user.findMany({
      where: { memberships: { some: { accountId: id } } },
      select: { email: true },
    });
    await tx.account.delete({ where: { id } });
    const params = { account: name, by: actor.email };
    const mails = members.map(({ email: to }) => ({ to, template: "account_deleted", params }) as const);
    // The trail went with the account: nothing is left to record it in.
    return { result: undefined, event: null, mails };
  },
});
