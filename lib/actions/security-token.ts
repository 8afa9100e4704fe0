"use server";

import { actionOf } from "@/lib/auth/action";
import { dismissCaller, nameCaller, restoreCaller } from "@/lib/services/callers/change";
import { forecastInstance } from "@/lib/services/callers/preflight";
import {
  configureSecurityToken,
  regenerateSecurityToken,
  removeSecurityToken,
} from "@/lib/services/security-token/configure";
import {
  activateOnReadyInstances,
  activateSecurityToken,
  deactivateSecurityToken,
  setInstanceEnforcement,
} from "@/lib/services/security-token/enforcement";
import { finishRotation, rotateSecurityToken } from "@/lib/services/security-token/rotate";

const page = "/security";

// A new token goes to the browser in its answer only: no page that is drawn beside it has it.
export const configureTokenAction = actionOf(configureSecurityToken, page);
export const regenerateTokenAction = actionOf(regenerateSecurityToken, page);
export const rotateTokenAction = actionOf(rotateSecurityToken, page);

export const activateTokenAction = actionOf(activateSecurityToken, page);
export const activateOnReadyAction = actionOf(activateOnReadyInstances, page);
export const deactivateTokenAction = actionOf(deactivateSecurityToken, page);
export const removeTokenAction = actionOf(removeSecurityToken, page);
export const finishRotationAction = actionOf(finishRotation, page);
export const setInstanceEnforcementAction = actionOf(setInstanceEnforcement, page);

export const nameCallerAction = actionOf(nameCaller, page);
export const dismissCallerAction = actionOf(dismissCaller, page);
export const restoreCallerAction = actionOf(restoreCaller, page);

export const forecastInstanceAction = actionOf(forecastInstance);
