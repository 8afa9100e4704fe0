"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action, runAction } from "@/lib/auth/action";
import type { ActionResult } from "@/lib/domain/errors";
import { changeRetention, deleteAccount, renameAccount } from "@/lib/services/account/account";
import { changeOwnName } from "@/lib/services/account/own-name";

function refreshed<T>(result: ActionResult<T>): ActionResult<T> {
  if (result.ok) revalidatePath("/", "layout");
  return result;
}

export const changeOwnNameAction = action([z.object({ name: z.string() })], async (input) => {
  return refreshed(await runAction((actor) => changeOwnName(actor, input)));
});

export const renameAccountAction = action([z.object({ accountName: z.string() })], async (input) => {
  return refreshed(await runAction((actor) => renameAccount(actor, input)));
});

export const changeRetentionAction = action([z.object({ days: z.string() })], async (input) => {
  return refreshed(await runAction((actor) => changeRetention(actor, input)));
});

/** Nothing is refreshed: the page that is open belongs to the account that is gone. */
export const deleteAccountAction = action(
  [z.object({ confirmName: z.string() })],
  async (input): Promise<ActionResult<void>> => {
    return runAction((actor) => deleteAccount(actor, input));
  },
);
