"use server";

import { actionOf } from "@/lib/auth/action";
import { changeInstanceNaming, forecastInstanceNaming } from "@/lib/services/instances/change-naming";
import { changeService, forecastService, removeService } from "@/lib/services/services/change";
import { setUpService } from "@/lib/services/services/set-up";
import { testService } from "@/lib/services/services/test-call";

const page = "/services";

export const setUpServiceAction = actionOf(setUpService);
export const changeServiceAction = actionOf(changeService, page);
export const forecastServiceAction = actionOf(forecastService);
export const testServiceAction = actionOf(testService);
export const changeInstanceNamingAction = actionOf(changeInstanceNaming, "/instances");
export const forecastInstanceNamingAction = actionOf(forecastInstanceNaming);

// Nothing is drawn: the browser leaves the page of a service that is gone.
export const removeServiceAction = actionOf(removeService);
