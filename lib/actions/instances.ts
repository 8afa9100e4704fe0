"use server";

import { actionOf } from "@/lib/auth/action";
import { forecastInstanceChange } from "@/lib/services/callers/forecast";
import {
  createInstance,
  removeInstance,
  renameInstance,
  setInstancePaused,
} from "@/lib/services/instances/change";
import { regenerateInstanceToken, revealInstanceToken } from "@/lib/services/instances/token";
import { changeUpstream } from "@/lib/services/instances/upstream";

const page = "/instances";

export const createInstanceAction = actionOf(createInstance, page);
export const renameInstanceAction = actionOf(renameInstance, page);
export const changeUpstreamAction = actionOf(changeUpstream, page);
export const forecastInstanceChangeAction = actionOf(forecastInstanceChange);
export const setInstancePausedAction = actionOf(setInstancePaused, page);

// Nothing is drawn: the browser leaves the page of an instance that is gone.
export const removeInstanceAction = actionOf(removeInstance);

// An instance token goes to the browser in its answer only, never into a page.
export const revealInstanceTokenAction = actionOf(revealInstanceToken);
export const regenerateInstanceTokenAction = actionOf(regenerateInstanceToken);
