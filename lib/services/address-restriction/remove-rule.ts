import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { invalidField } from "@/lib/domain/errors";
import { authorize } from "../authorize";
import { typedNameSchema } from "../name-schema";
import { parse } from "../parse";
import { addressEvent, changeAddresses, findRule } from "./change-addresses";
import { forecastLockOut, requireConfirmation } from "./lock-out";

const schema = z.object({ ruleId: z.string(), confirmation: typedNameSchema });

/**
 * Takes an entry off the list. While the list is enforced, the last one stays, and the account's name has to
 * be typed when that would lock out a caller seen in the last 7 days.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, or `invalid` (ruleId: address_last;
 *   confirmation: required, name_mismatch)
 */
export async function removeAddressRule(
  actor: Actor,
  input: { ruleId: string; confirmation?: string },
): Promise<void> {
  authorize(actor, "address.change");
  const { ruleId, confirmation } = parse(schema, input);
  await changeAddresses(actor, async ({ tx, account }, rules) => {
    const rule = findRule(rules, ruleId);
    if (account.addressMode === "enforce") {
      const rest = rules.filter(({ id }) => id !== rule.id);
      if (rest.length === 0) throw invalidField("ruleId", "address_last");
      requireConfirmation(await forecastLockOut(tx, account.id, rules, rest), account, confirmation);
    }
    await tx.addressRule.delete({ where: { id: rule.id, accountId: account.id } });
    return { result: undefined, event: addressEvent("address.removed", rule), altersDecision: true };
  });
}
