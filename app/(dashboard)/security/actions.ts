"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action } from "@/lib/auth/action";
import { runAction } from "@/lib/auth/run-action";
import type { ActionResult } from "@/lib/domain/action-result";
import type { RefusalCode } from "@/lib/domain/errors";
import { overlaps } from "@/lib/domain/rotation";
import { dismissCaller } from "@/lib/services/callers/dismiss-caller";
import { nameCaller } from "@/lib/services/callers/name-caller";
import { forecastInstance } from "@/lib/services/callers/read-preflight";
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
export const configureTokenAction = action([], async () => {
  return refreshed(await runAction(configureSecurityToken));
});

/** As with configuring: the new token is in this answer only. */
export const regenerateTokenAction = action([z.object({ tokenId: z.string() })], async (input) => {
  return refreshed(await runAction((actor) => regenerateSecurityToken(actor, input)));
});

export const activateTokenAction = action(
  [z.object({ tokenId: z.string(), confirmation: z.string() })],
  async (input) => {
    return refreshed(await runAction((actor) => activateSecurityToken(actor, input)));
  },
);

export const activateOnReadyAction = action([z.object({ tokenId: z.string() })], async (input) => {
  return refreshed(await runAction((actor) => activateOnReadyInstances(actor, input)));
});

export const deactivateTokenAction = action([], async () => {
  return refreshed(await runAction(deactivateSecurityToken));
});

export const removeTokenAction = action([z.object({ tokenId: z.string() })], async (input) => {
  return refreshed(await runAction((actor) => removeSecurityToken(actor, input)));
});

/** As with configuring: the new token is in this answer only. */
export const rotateTokenAction = action(
  [z.object({ tokenId: z.string(), overlap: z.enum(overlaps) })],
  async (input) => {
    return refreshed(await runAction((actor) => rotateSecurityToken(actor, input)));
  },
);

export const finishRotationAction = action(
  [z.object({ tokenId: z.string(), ifUnused: z.boolean().optional() })],
  async (input) => {
    return refreshed(await runAction((actor) => finishRotation(actor, input)));
  },
);

export const setInstanceEnforcementAction = action(
  [z.object({ instanceId: z.string(), enforced: z.boolean(), confirmation: z.string().optional() })],
  async (input) => {
    return refreshed(await runAction((actor) => setInstanceEnforcement(actor, input)));
  },
);

/** What the switch of an instance would do to its callers, read when it asks. */
export const forecastInstanceAction = action([z.object({ instanceId: z.string() })], async (input) => {
  return runAction((actor) => forecastInstance(actor, input));
});

export const nameCallerAction = action(
  [z.object({ callerId: z.string(), name: z.string() })],
  async (input) => {
    return refreshed(await runAction((actor) => nameCaller(actor, input)));
  },
);

export const dismissCallerAction = action(
  [z.object({ callerId: z.string(), lastSeenAt: z.date() })],
  async (input) => {
    return refreshed(await runAction((actor) => dismissCaller(actor, input)));
  },
);

export const restoreCallerAction = action([z.object({ callerId: z.string() })], async (input) => {
  return refreshed(await runAction((actor) => restoreCaller(actor, input)));
});
