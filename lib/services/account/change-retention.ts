import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { retentionDays } from "@/lib/domain/membership";
import { authorize } from "../authorize";
import { change } from "../change";
import { parse, refuse } from "../parse";

const schema = z.object({
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
  const { days } = parse(schema, input);
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
