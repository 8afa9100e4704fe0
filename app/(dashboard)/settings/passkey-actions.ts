"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action, answer, runAction } from "@/lib/auth/action";
import { passkeySite } from "@/lib/auth/urls";
import type { ActionResult } from "@/lib/domain/errors";
import { addPasskey, type NewPasskey, startPasskey } from "@/lib/services/passkeys/add-passkey";
import { removePasskey, renamePasskey } from "@/lib/services/passkeys/passkeys";

/** The whole frame is rendered again: what proves who one is has changed with it. */
function refreshed<T>(result: ActionResult<T>): ActionResult<T> {
  if (result.ok || result.code === "not_found") revalidatePath("/", "layout");
  return result;
}

/** What the browser is to make a passkey from. */
export const startPasskeyAction = action([], async () => {
  return runAction(async (actor) => startPasskey(actor, await passkeySite()));
});

/** Recovery codes go to the browser in this answer only. */
export const addPasskeyAction = action([z.object({ answer: answer<NewPasskey>() })], async (input) => {
  return refreshed(await runAction(async (actor) => addPasskey(actor, input.answer, await passkeySite())));
});

export const renamePasskeyAction = action(
  [z.object({ passkeyId: z.string(), name: z.string() })],
  async (input) => {
    return refreshed(await runAction((actor) => renamePasskey(actor, input)));
  },
);

export const removePasskeyAction = action([z.object({ passkeyId: z.string() })], async (input) => {
  return refreshed(await runAction((actor) => removePasskey(actor, input)));
});
