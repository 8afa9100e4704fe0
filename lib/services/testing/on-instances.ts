import type { Actor } from "@/lib/domain/actor";
import type { Permission } from "@/lib/domain/permissions";
import { forecastInstance } from "../callers/read-preflight";
import { changeUpstream } from "../instances/change-upstream";
import { pauseInstance } from "../instances/pause";
import { readInstance } from "../instances/read";
import { regenerateInstanceToken } from "../instances/regenerate-token";
import { removeInstance } from "../instances/remove";
import { renameInstance } from "../instances/rename";
import { resumeInstance } from "../instances/resume";
import { revealInstanceToken } from "../instances/reveal-token";
import { setPaused } from "../instances/set-paused";
import { setInstanceEnforcement } from "../security-token/set-instance-enforcement";

/** A use case on one instance, as it is tried with every role and with ids of other accounts. */
type InstanceTrial = readonly [permission: Permission, call: (actor: Actor, instanceId: string) => unknown];

/** Every use case that takes an instance's id. */
export const onInstances: Readonly<Record<string, InstanceTrial>> = {
  readInstance: ["instance.read", (actor, instanceId) => readInstance(actor, { instanceId })],
  renameInstance: [
    "instance.change",
    (actor, instanceId) => renameInstance(actor, { instanceId, name: "Other" }),
  ],
  changeUpstream: [
    "instance.upstream",
    (actor, instanceId) =>
      changeUpstream(actor, { instanceId, upstreamUrl: "", headers: [], firstByteSeconds: "" }),
  ],
  setPaused: ["instance.change", (actor, instanceId) => setPaused(actor, { instanceId }, true)],
  pauseInstance: ["instance.change", (actor, instanceId) => pauseInstance(actor, { instanceId })],
  resumeInstance: ["instance.change", (actor, instanceId) => resumeInstance(actor, { instanceId })],
  revealInstanceToken: ["instance.reveal", (actor, instanceId) => revealInstanceToken(actor, { instanceId })],
  regenerateInstanceToken: [
    "instance.regenerate",
    (actor, instanceId) => regenerateInstanceToken(actor, { instanceId }),
  ],
  setInstanceEnforcement: [
    "token.change",
    (actor, instanceId) => setInstanceEnforcement(actor, { instanceId, enforced: false }),
  ],
  forecastInstance: ["caller.read", (actor, instanceId) => forecastInstance(actor, { instanceId })],
  removeInstance: [
    "instance.delete",
    (actor, instanceId) => removeInstance(actor, { instanceId, confirmName: "Nothing" }),
  ],
};
