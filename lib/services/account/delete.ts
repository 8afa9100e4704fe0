import { z } from "zod";
import { raiseEpoch } from "@/lib/db/epoch";
import type { Actor } from "@/lib/domain/actor";
import { authorize } from "../authorize";
import { change } from "../change";
import { queueMail } from "../mail/queue";
import { typedNameSchema } from "../name-schema";
import { parse } from "../parse";
import { requireTypedName } from "../typed-name";

const schema = z.object({ confirmName: typedNameSchema });

/**
 * Deletes the account for good, with everything in it: every instance answers 404 on every gate at once. Its
 * members stay signed in, in no account until they choose another, and all of them are told by mail.
 *
 * @param input `confirmName`: the account's name, typed by the person who deletes it
 * @throws Refusal `forbidden`, `proof_required`, or `invalid` (confirmName: name_mismatch)
 */
export async function deleteAccount(actor: Actor, input: { confirmName: string }): Promise<void> {
  authorize(actor, "account.delete");
  const { confirmName } = parse(schema, input);
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
