"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/lib/auth/run-action";
import type { ActionResult } from "@/lib/domain/action-result";
import { changeUpstream, type UpstreamChange } from "@/lib/services/instances/change-upstream";
import { createInstance } from "@/lib/services/instances/create";
import { pauseInstance } from "@/lib/services/instances/pause";
import { regenerateInstanceToken } from "@/lib/services/instances/regenerate-token";
import { removeInstance } from "@/lib/services/instances/remove";
import { renameInstance } from "@/lib/services/instances/rename";
import { resumeInstance } from "@/lib/services/instances/resume";
import { revealInstanceToken } from "@/lib/services/instances/reveal-token";

/** Pages show what instances are like now; the pages of the list and of each instance both do. */
function refreshed<T>(result: ActionResult<T>): ActionResult<T> {
  if (result.ok) revalidatePath("/instances", "layout");
  return result;
}

export async function createInstanceAction(input: { name: string; upstreamUrl: string }) {
  return refreshed(await runAction((actor) => createInstance(actor, input)));
}

export async function renameInstanceAction(input: { instanceId: string; name: string }) {
  return refreshed(await runAction((actor) => renameInstance(actor, input)));
}

export async function changeUpstreamAction(input: UpstreamChange) {
  return refreshed(await runAction((actor) => changeUpstream(actor, input)));
}

export async function pauseInstanceAction(input: { instanceId: string }) {
  return refreshed(await runAction((actor) => pauseInstance(actor, input)));
}

export async function resumeInstanceAction(input: { instanceId: string }) {
  return refreshed(await runAction((actor) => resumeInstance(actor, input)));
}

/** The page of a deleted instance is not rendered again; the browser leaves it. */
export async function removeInstanceAction(input: { instanceId: string; confirmName: string }) {
  return runAction((actor) => removeInstance(actor, input));
}

/** The token goes to the browser in this answer only, never into a page. */
export async function revealTokenAction(input: { instanceId: string }) {
  return runAction((actor) => revealInstanceToken(actor, input));
}

/** As with revealing: the new token is in this answer only. */
export async function regenerateTokenAction(input: { instanceId: string }) {
  return runAction((actor) => regenerateInstanceToken(actor, input));
}
