"use server";

import { actionOf } from "@/lib/auth/action";
import { forecastEndpoints } from "@/lib/services/endpoint-rules/read";
import { changeEndpointRules, stepEndpointRules } from "@/lib/services/endpoint-rules/rules";

const page = "/instances";

export const changeEndpointsAction = actionOf(changeEndpointRules, page);
export const stepEndpointsAction = actionOf(stepEndpointRules, page);
export const forecastEndpointsAction = actionOf(forecastEndpoints);
