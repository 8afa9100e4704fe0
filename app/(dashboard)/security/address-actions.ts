"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/lib/auth/run-action";
import type { ActionResult } from "@/lib/domain/action-result";
import { addCurrentAddress } from "@/lib/services/address-restriction/add-current";
import { addAddressLines } from "@/lib/services/address-restriction/add-lines";
import { addAddressRule } from "@/lib/services/address-restriction/add-rule";
import { enforceAddresses } from "@/lib/services/address-restriction/enforce";
import { forecastRemoval } from "@/lib/services/address-restriction/forecast-removal";
import { noteAddressRule } from "@/lib/services/address-restriction/note-rule";
import { observeAddresses } from "@/lib/services/address-restriction/observe";
import { removeAddressRule } from "@/lib/services/address-restriction/remove-rule";
import { stopEnforcingAddresses } from "@/lib/services/address-restriction/stop-enforcing";
import { stopObservingAddresses } from "@/lib/services/address-restriction/stop-observing";

/** The page shows the state as it is now: after a change, and after an answer that says it was stale. */
function refreshed<T>(result: ActionResult<T>): ActionResult<T> {
  if (result.ok || ["conflict", "not_found", "invalid"].includes(result.code)) revalidatePath("/security");
  return result;
}

export async function addAddressAction(input: { address: string; note: string }) {
  return refreshed(await runAction((actor) => addAddressRule(actor, input)));
}

export async function addAddressLinesAction(input: { text: string }) {
  return refreshed(await runAction((actor) => addAddressLines(actor, input)));
}

export async function addCurrentAddressAction(input: { note: string }) {
  return refreshed(await runAction((actor) => addCurrentAddress(actor, input)));
}

export async function noteAddressAction(input: { ruleId: string; note: string }) {
  return refreshed(await runAction((actor) => noteAddressRule(actor, input)));
}

export async function forecastRemovalAction(input: { ruleId: string }) {
  return runAction((actor) => forecastRemoval(actor, input));
}

export async function removeAddressAction(input: { ruleId: string; confirmation: string }) {
  return refreshed(await runAction((actor) => removeAddressRule(actor, input)));
}

export async function observeAddressesAction() {
  return refreshed(await runAction(observeAddresses));
}

export async function enforceAddressesAction(input: { confirmation: string }) {
  return refreshed(await runAction((actor) => enforceAddresses(actor, input)));
}

export async function stopEnforcingAddressesAction() {
  return refreshed(await runAction(stopEnforcingAddresses));
}

export async function stopObservingAddressesAction() {
  return refreshed(await runAction(stopObservingAddresses));
}
