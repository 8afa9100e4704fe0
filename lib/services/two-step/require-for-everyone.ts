import { z } from "zod";
import { config } from "@/lib/config";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { authorize } from "../authorize";
import { change } from "../change";
import { parse } from "../parse";
import { secondFactorsOf } from "../session/second-factors";

const schema = z.object({ required: z.boolean() });

/**
 * Requires two-step sign-in of every member of the account, or no longer. From the next request on, members
 * without a second factor can do nothing here but set one up.
 *
 * @throws Refusal `forbidden`, `proof_required`, `two_step_by_server` where REQUIRE_TWO_STEP leaves nothing to
 *   choose, or `two_step_own_first`: whoever requires it must have it
 */
export async function requireTwoStep(actor: Actor, input: { required: boolean }): Promise<void> {
  authorize(actor, "account.protect");
  const { required } = parse(schema, input);
  if (config().requireTwoStep) throw new Refusal("two_step_by_server");
  await change(actor, "account.protect", async ({ tx, account }) => {
    if (required && (await secondFactorsOf(tx, actor.userId)).length === 0) {
      throw new Refusal("two_step_own_first");
    }
    const { count } = await tx.account.updateMany({
      where: { id: account.id, requireTwoStep: !required },
      data: { requireTwoStep: required },
    });
    const action = required ? "two_step.required" : "two_step.not_required";
    return {
      result: undefined,
      event: count > 0 ? { action, targetType: "account", targetId: account.id } : null,
      altersDecision: false,
    };
  });
}
