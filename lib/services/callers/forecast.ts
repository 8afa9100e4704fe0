import { z } from "zod";
import { readAccountFacts } from "@/lib/db/account-facts";
import { db } from "@/lib/db/client";
import { readInstanceNames } from "@/lib/db/instances";
import type { ActivationForecast, Consequence } from "@/lib/domain/caller-view";
import { instanceChanges } from "@/lib/domain/consequence";
import { isReady } from "@/lib/domain/enforcement";
import { findInstance } from "../instances/find";
import { readUseCase } from "../use-case";
import {
  activationOutlook,
  fatesOfActivating,
  fatesOfInstance,
  fatesOfReplacing,
  findOldTokenSenders,
  readConsequence,
} from "./consequence";
import { type JudgedCallers, judgeCallers, readinessOf, withOverdue } from "./judge";

/** Names that the dialog shows; the rest is counted. */
const named = 5;

/** Some of the instances that activating on ready ones would enforce, newest first. Says nothing about who may know. */
async function readReadyNames(accountId: string, judgedCallers: JudgedCallers): Promise<string[]> {
  const { enforcement } = judgedCallers;
  if (enforcement === "on") return [];
  const unready = [...readinessOf(judgedCallers)].flatMap(([id, readiness]) =>
    isReady(readiness) ? [] : [id],
  );
  return readInstanceNames(accountId, { except: unready, chosenToo: enforcement === "off", most: named });
}

/**
 * What activating the token would do to callers: on one instance, or on all that do not demand it yet. null while there is no
 * token.
 *
 * @throws Refusal `not_found`
 */
export const forecastActivation = readUseCase({
  permission: "caller.read",
  input: z.object({ instanceId: z.string().nullable() }),
  run: async ({ accountId }, { instanceId }): Promise<ActivationForecast | null> => {
    const now = new Date();
    const only = instanceId === null ? null : await findInstance(db, accountId, instanceId);
    const [found, { instances }] = await Promise.all([
      judgeCallers(accountId, now, null, only && [only.id]),
      readAccountFacts(accountId),
    ]);
    if (!found) return null;
    const judgedCallers = await withOverdue(accountId, found, now);
    const fates = fatesOfActivating(judgedCallers, only?.id);
    const counted = only ? [{ enforced: only.enforced, count: 1 }] : instances;
    const outlook = activationOutlook(judgedCallers, counted, only?.id, fates);
    const named = !only && outlook.readyInstances > 0;
    return {
      ...(await readConsequence(accountId, "activate", fates, now)),
      ...outlook,
      readyNames: named ? await readReadyNames(accountId, judgedCallers) : [],
    };
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
