"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action, runAction } from "@/lib/auth/action";
import type { ActionResult } from "@/lib/domain/errors";
import {
  enforceAddresses,
  observeAddresses,
  stopEnforcingAddresses,
  stopObservingAddresses,
} from "@/lib/services/address-restriction/mode";
import { forecastRemoval } from "@/lib/services/address-restriction/read";
import {
  addAddressLines,
  addAddressRule,
  addCurrentAddress,
  noteAddressRule,
  removeAddressRule,
} from "@/lib/services/address-restriction/rules";

/** The page shows the state as it is now: after a change, and after an answer that says it was stale. */
function refreshed<T>(result: ActionResult<T>): ActionResult<T> {
  if (result.ok || ["conflict", "not_found", "invalid"].includes(result.code)) revalidatePath("/security");
  return result;
}

export const addAddressAction = action(
  [z.object({ address: z.string(), note: z.string() })],
  async (input) => {
    return refreshed(await runAction((actor) => addAddressRule(actor, input)));
  },
);

export const addAddressLinesAction = action([z.object({ text: z.string() })], async (input) => {
  return refreshed(await runAction((actor) => addAddressLines(actor, input)));
});

export const addCurrentAddressAction = action([z.object({ note: z.string() })], async (input) => {
  return refreshed(await runAction((actor) => addCurrentAddress(actor, input)));
});

export const noteAddressAction = action(
  [z.object({ ruleId: z.string(), note: z.string() })],
  async (input) => {
    return refreshed(await runAction((actor) => noteAddressRule(actor, input)));
  },
);

export const forecastRemovalAction = action([z.object({ ruleId: z.string() })], async (input) => {
  return runAction((actor) => forecastRemoval(actor, input));
});

export const removeAddressAction = action(
  [z.object({ ruleId: z.string(), confirmation: z.string() })],
  async (input) => {
    return refreshed(await runAction((actor) => removeAddressRule(actor, input)));
  },
);

export const observeAddressesAction = action([], async () => {
  return refreshed(await runAction(observeAddresses));
});

export const enforceAddressesAction = action([z.object({ confirmation: z.string() })], async (input) => {
  return refreshed(await runAction((actor) => enforceAddresses(actor, input)));
});

export const stopEnforcingAddressesAction = action([], async () => {
  return refreshed(await runAction(stopEnforcingAddresses));
});

export const stopObservingAddressesAction = action([], async () => {
  return refreshed(await runAction(stopObservingAddresses));
});
