"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/lib/auth/run-action";
import type { ActionResult } from "@/lib/domain/action-result";
import { revokeSession } from "@/lib/services/session/revoke";
import { revokeOtherSessions } from "@/lib/services/session/revoke-others";

type Previous = ActionResult<number> | null;

/** Ends the session that the form names. */
export async function endSessionAction(_previous: Previous, form: FormData): Promise<ActionResult<number>> {
  const result = await runAction(async (actor) => {
    await revokeSession(actor, { sessionId: String(form.get("sessionId")) });
    return 1;
  });
  revalidatePath("/settings");
  return result;
}

/** Ends all other sessions of the one who asks. */
export async function endOtherSessionsAction(): Promise<ActionResult<number>> {
  const result = await runAction(revokeOtherSessions);
  revalidatePath("/settings");
  return result;
}
