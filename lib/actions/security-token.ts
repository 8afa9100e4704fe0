"use server";

import { actionOf } from "@/lib/auth/action";
import {
  dismissCaller,
  leaveOutCaller,
  nameCaller,
  restoreCaller,
  takeBackCaller,
} from "@/lib/services/callers/change";
import { forecastActivation, forecastRotation } from "@/lib/services/callers/forecast";
import { armSecurityToken, disarmSecurityToken } from "@/lib/services/security-token/armed";
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
import {
  endGraceOf,
  forecastGrace,
  protectKnownCallers,
  setGraceEnd,
} from "@/lib/services/security-token/grace";
import { finishRotation, rotateSecurityToken } from "@/lib/services/security-token/rotate";

const page = "/security";

// A new token goes to the browser in its answer only: no page that is drawn beside it has it.
export const configureTokenAction = actionOf(configureSecurityToken, page);
export const regenerateTokenAction = actionOf(regenerateSecurityToken, page);
export const rotateTokenAction = actionOf(rotateSecurityToken, page);

export const activateTokenAction = actionOf(activateSecurityToken, page);
export const activateOnReadyAction = actionOf(activateOnReadyInstances, page);
export const armTokenAction = actionOf(armSecurityToken, page);
export const disarmTokenAction = actionOf(disarmSecurityToken, page);
export const deactivateTokenAction = actionOf(deactivateSecurityToken, page);
export const removeTokenAction = actionOf(removeSecurityToken, page);
export const finishRotationAction = actionOf(finishRotation, page);
export const setInstanceEnforcementAction = actionOf(setInstanceEnforcement, page);

export const protectKnownCallersAction = actionOf(protectKnownCallers, page);
export const endGraceOfAction = actionOf(endGraceOf, page);
export const setGraceEndAction = actionOf(setGraceEnd, page);
export const forecastGraceAction = actionOf(forecastGrace);

export const nameCallerAction = actionOf(nameCaller, page);
export const dismissCallerAction = actionOf(dismissCaller, page);
export const restoreCallerAction = actionOf(restoreCaller, page);
export const leaveOutCallerAction = actionOf(leaveOutCaller, page);
export const takeBackCallerAction = actionOf(takeBackCaller, page);

export const forecastActivationAction = actionOf(forecastActivation);
export const forecastRotationAction = actionOf(forecastRotation);
