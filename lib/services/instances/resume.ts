import type { Actor } from "@/lib/domain/actor";
import { setPaused } from "./set-paused";

/**
 * Lets callers of a paused instance through again. Safe to call twice.
 *
 * @throws Refusal `forbidden`, `not_found`
 */
export function resumeInstance(actor: Actor, input: { instanceId: string }): Promise<void> {
  return setPaused(actor, input, false);
}
