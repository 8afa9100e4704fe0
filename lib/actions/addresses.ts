"use server";

import { actionOf } from "@/lib/auth/action";
import {
  enforceAddresses,
  observeAddresses,
  stopEnforcingAddresses,
  stopObservingAddresses,
} from "@/lib/services/address-restriction/mode";
import { forecastAddresses } from "@/lib/services/address-restriction/read";
import {
  addAddressLines,
  addAddressRule,
  addCurrentAddress,
  noteAddressRule,
  removeAddressRule,
} from "@/lib/services/address-restriction/rules";

const page = "/security";

export const addAddressAction = actionOf(addAddressRule, page);
export const addAddressLinesAction = actionOf(addAddressLines, page);
export const addCurrentAddressAction = actionOf(addCurrentAddress, page);
export const noteAddressAction = actionOf(noteAddressRule, page);
export const forecastAddressesAction = actionOf(forecastAddresses);
export const removeAddressAction = actionOf(removeAddressRule, page);

export const observeAddressesAction = actionOf(observeAddresses, page);
export const enforceAddressesAction = actionOf(enforceAddresses, page);
export const stopEnforcingAddressesAction = actionOf(stopEnforcingAddresses, page);
export const stopObservingAddressesAction = actionOf(stopObservingAddresses, page);
