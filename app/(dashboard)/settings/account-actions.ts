"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/lib/auth/run-action";
import type { ActionResult } from "@/lib/domain/action-result";
import { changeOwnName } from "@/lib/services/account/change-own-name";
import { changeRetention } from "@/lib/services/account/change-retention";
import { deleteAccount } from "@/lib/services/account/delete";
import { renameAccount } from "@/lib/services/account/rename";

function refreshed<T>(result: ActionResult<T>): ActionResult<T> {
  if (result.ok) revalidatePath("/", "layout");
  return result;
}

export async function changeOwnNameAction(input: { name: string }) {
  return refreshed(await runAction((actor) => changeOwnName(actor, input)));
}

export async function renameAccountAction(input: { accountName: string }) {
  return refreshed(await runAction((actor) => renameAccount(actor, input)));
}

export async function changeRetentionAction(input: { days: string }) {
  return refreshed(await runAction((actor) => changeRetention(actor, input)));
}

/** Nothing is refreshed: the page that is open belongs to the account that is gone. */
export async function deleteAccountAction(input: { confirmName: string }): Promise<ActionResult<void>> {
  return runAction((actor) => deleteAccount(actor, input));
}
