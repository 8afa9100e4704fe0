import type { Actor } from "@/lib/domain/actor";
import { setPaused } from "./set-paused";

/**
 * Answers every caller of an instance with 403 until it is resumed. Safe to call twice.
 *
 * @throws Refusal `forbidden`, `not_found`
 */
export function pauseInstance(actor: Actor, input: { instanceId: string }): Promise<void> {
  return setPaused(actor, input, true);
}
