"use server";

import { revalidatePath } from "next/cache";
import { action, formData, previousOutcome, runAction } from "@/lib/auth/action";
import type { ActionResult } from "@/lib/domain/errors";
import { revokeOtherSessions, revokeSession } from "@/lib/services/session/end-sessions";

/** A list that may have changed is read again; while a proof is asked for, nothing has. */
function shown(result: ActionResult<number>): ActionResult<number> {
  if (result.ok || result.code !== "proof_required") revalidatePath("/settings");
  return result;
}

/** Ends the session that the form names. */
export const endSessionAction = action(
  [previousOutcome, formData],
  async (_previous, form): Promise<ActionResult<number>> => {
    const result = await runAction(async (actor) => {
      await revokeSession(actor, { sessionId: String(form.get("sessionId")) });
      return 1;
    });
    return shown(result);
  },
);

/** Ends all other sessions of the one who asks. */
export const endOtherSessionsAction = action([], async (): Promise<ActionResult<number>> => {
  return shown(await runAction(revokeOtherSessions));
});
