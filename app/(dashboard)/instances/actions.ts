"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action } from "@/lib/auth/action";
import { runAction } from "@/lib/auth/run-action";
import type { ActionResult } from "@/lib/domain/action-result";
import { changeUpstream } from "@/lib/services/instances/change-upstream";
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

export const createInstanceAction = action(
  [z.object({ name: z.string(), upstreamUrl: z.string().optional() })],
  async (input) => {
    return refreshed(await runAction((actor) => createInstance(actor, input)));
  },
);

export const renameInstanceAction = action(
  [z.object({ instanceId: z.string(), name: z.string() })],
  async (input) => {
    return refreshed(await runAction((actor) => renameInstance(actor, input)));
  },
);

export const changeUpstreamAction = action(
  [
    z.object({
      instanceId: z.string(),
      upstreamUrl: z.string(),
      headers: z.array(z.object({ name: z.string(), value: z.string().nullable() })).readonly(),
      firstByteSeconds: z.string(),
    }),
  ],
  async (input) => {
    return refreshed(await runAction((actor) => changeUpstream(actor, input)));
  },
);

export const pauseInstanceAction = action([z.object({ instanceId: z.string() })], async (input) => {
  return refreshed(await runAction((actor) => pauseInstance(actor, input)));
});

export const resumeInstanceAction = action([z.object({ instanceId: z.string() })], async (input) => {
  return refreshed(await runAction((actor) => resumeInstance(actor, input)));
});

/** The page of a deleted instance is not rendered again; the browser leaves it. */
export const removeInstanceAction = action(
  [z.object({ instanceId: z.string(), confirmName: z.string() })],
  async (input) => {
    return runAction((actor) => removeInstance(actor, input));
  },
);

/** The token goes to the browser in this answer only, never into a page. */
export const revealTokenAction = action([z.object({ instanceId: z.string() })], async (input) => {
  return runAction((actor) => revealInstanceToken(actor, input));
});

/** As with revealing: the new token is in this answer only. */
export const regenerateTokenAction = action([z.object({ instanceId: z.string() })], async (input) => {
  return runAction((actor) => regenerateInstanceToken(actor, input));
});
