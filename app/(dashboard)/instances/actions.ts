"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action, runAction } from "@/lib/auth/action";
import type { ActionResult } from "@/lib/domain/errors";
import {
  createInstance,
  pauseInstance,
  removeInstance,
  renameInstance,
  resumeInstance,
} from "@/lib/services/instances/change";
import { regenerateInstanceToken, revealInstanceToken } from "@/lib/services/instances/token";
import { changeUpstream } from "@/lib/services/instances/upstream";

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
