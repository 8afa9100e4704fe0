import type { ActionResult } from "@/lib/domain/action-result";
import type { Actor } from "@/lib/domain/actor";
import { runAction } from "./run-action";
import { renewSessionCookie } from "./session-cookie";

/**
 * Runs a use case in which the current actor proves who acts, and gives the browser the cookie that goes with the
 * proof. Answers as `runAction`.
 */
export function runProof(work: (actor: Actor) => Promise<void>): Promise<ActionResult<void>> {
  return runAction(async (actor) => {
    await work(actor);
    await renewSessionCookie(actor);
  });
}
