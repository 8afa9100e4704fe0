"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/lib/auth/run-action";
import type { ActionResult } from "@/lib/domain/action-result";
import type { RefusalCode } from "@/lib/domain/errors";
import type { Overlap } from "@/lib/domain/rotation";
import { dismissCaller } from "@/lib/services/callers/dismiss-caller";
import { nameCaller } from "@/lib/services/callers/name-caller";
import { restoreCaller } from "@/lib/services/callers/restore-caller";
import { activateSecurityToken } from "@/lib/services/security-token/activate";
import { activateOnReadyInstances } from "@/lib/services/security-token/activate-on-ready";
import { configureSecurityToken } from "@/lib/services/security-token/configure";
import { deactivateSecurityToken } from "@/lib/services/security-token/deactivate";
import { finishRotation } from "@/lib/services/security-token/finish-rotation";
import { regenerateSecurityToken } from "@/lib/services/security-token/regenerate";
import { removeSecurityToken } from "@/lib/services/security-token/remove";
import { rotateSecurityToken } from "@/lib/services/security-token/rotate";
import { setInstanceEnforcement } from "@/lib/services/security-token/set-instance-enforcement";

const staleCodes: readonly (RefusalCode | "failed")[] = ["conflict", "not_found", "invalid"];

/** The page shows the state as it is now: after a change, and after an answer that says it was stale. */
function refreshed<T>(result: ActionResult<T>): ActionResult<T> {
  if (result.ok || staleCodes.includes(result.code)) revalidatePath("/security");
  return result;
}

/** The token goes to the browser in this answer only; the page rendered beside it does not have it. */
export async function configureTokenAction() {
  return refreshed(await runAction(configureSecurityToken));
}

/** As with configuring: the new token is in this answer only. */
export async function regenerateTokenAction(input: { tokenId: string }) {
  return refreshed(await runAction((actor) => regenerateSecurityToken(actor, input)));
}

export async function activateTokenAction(input: { tokenId: string; confirmation: string }) {
  return refreshed(await runAction((actor) => activateSecurityToken(actor, input)));
}

export async function activateOnReadyAction(input: { tokenId: string }) {
  return refreshed(await runAction((actor) => activateOnReadyInstances(actor, input)));
}

export async function deactivateTokenAction() {
  return refreshed(await runAction(deactivateSecurityToken));
}

export async function removeTokenAction(input: { tokenId: string }) {
  return refreshed(await runAction((actor) => removeSecurityToken(actor, input)));
}

/** As with configuring: the new token is in this answer only. */
export async function rotateTokenAction(input: { tokenId: string; overlap: Overlap }) {
  return refreshed(await runAction((actor) => rotateSecurityToken(actor, input)));
}

export async function finishRotationAction(input: { tokenId: string; ifUnused?: boolean }) {
  return refreshed(await runAction((actor) => finishRotation(actor, input)));
}

export async function setInstanceEnforcementAction(input: { instanceId: string; enforced: boolean }) {
  return refreshed(await runAction((actor) => setInstanceEnforcement(actor, input)));
}

export async function nameCallerAction(input: { callerId: string; name: string }) {
  return refreshed(await runAction((actor) => nameCaller(actor, input)));
}

export async function dismissCallerAction(input: { callerId: string; lastSeenAt: Date }) {
  return refreshed(await runAction((actor) => dismissCaller(actor, input)));
}

export async function restoreCallerAction(input: { callerId: string }) {
  return refreshed(await runAction((actor) => restoreCaller(actor, input)));
}
