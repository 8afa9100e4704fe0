import { z } from "zod";
import { db } from "@/lib/db/client";
import type { ActivationForecast, Consequence } from "@/lib/domain/caller-view";
import { instanceChanges } from "@/lib/domain/consequence";
import { findInstance } from "../instances/find";
import { readUseCase } from "../use-case";
import {
  activationForecast,
  fatesOfInstance,
  fatesOfReplacing,
  findOldTokenSenders,
  readConsequence,
} from "./consequence";
import { judgeCallers, withExpectations } from "./judge";

/**
 * What enforcing one instance would do to its callers; null while there is no token.
 *
 * @throws Refusal `not_found`
 */
export const forecastInstance = readUseCase({
  permission: "caller.read",
  input: z.object({ instanceId: z.string() }),
  run: async ({ accountId }, { instanceId }): Promise<ActivationForecast | null> => {
    const now = new Date();
    const instance = await findInstance(db, accountId, instanceId);
    const found = await judgeCallers(accountId, now);
    if (!found) return null;
    const judgedCallers = await withExpectations(accountId, found, now);
    const { id, enforced } = instance;
    return { ...activationForecast(judgedCallers, [{ enforced, count: 1 }], id), readyNames: [] };
  },
});

/** What replacing the token at once, or finishing its rotation, would do to callers; null when there is none to end. */
export const forecastRotation = readUseCase({
  permission: "caller.read",
  input: z.object({ change: z.enum(["finish", "replace"]) }),
  run: async ({ accountId }, { change }): Promise<Consequence | null> => {
    const now = new Date();
    const found = await judgeCallers(accountId, now);
    if (!found) return null;
    const finishing = async () => (await findOldTokenSenders(accountId, found, now))?.fates;
    const fates = change === "finish" ? await finishing() : fatesOfReplacing(found, now);
    return fates ? readConsequence(accountId, change, fates, now) : null;
  },
});

/**
 * What pausing or deleting an instance, replacing its token or leading its calls elsewhere would do to its callers.
 *
 * @throws Refusal `not_found`
 */
export const forecastInstanceChange = readUseCase({
  permission: "caller.read",
  input: z.object({ instanceId: z.string(), change: z.enum(instanceChanges) }),
  run: async ({ accountId }, { instanceId, change }): Promise<Consequence> => {
    const now = new Date();
    const { id } = await findInstance(db, accountId, instanceId);
    return readConsequence(accountId, change, await fatesOfInstance(accountId, id, change, now), now);
  },
});
