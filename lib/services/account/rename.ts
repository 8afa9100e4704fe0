import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { authorize } from "../authorize";
import { change } from "../change";
import { nameSchema } from "../name-schema";
import { parse } from "../parse";

const schema = z.object({ accountName: nameSchema });

/**
 * Gives the account another name. Callers notice nothing.
 *
 * @throws Refusal `forbidden`, or `invalid` (accountName)
 */
export async function renameAccount(actor: Actor, input: { accountName: string }): Promise<void> {
  authorize(actor, "account.rename");
  const { accountName: name } = parse(schema, input);
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
