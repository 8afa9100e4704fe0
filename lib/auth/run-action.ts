import { unstable_rethrow } from "next/navigation";
import type { ActionResult } from "@/lib/domain/action-result";
import type { Actor, Person } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { recordingRejections } from "@/lib/services/audit/recording-rejections";
import { currentActor, currentPerson } from "./current-actor";
import { log } from "./log";
import { requestOrigin } from "./origin";
import { tellRefusal } from "./refusal-log";

/**
 * Runs what needs nobody signed in (sign-in, registration) and turns its outcome into what a server action
 * answers. Refusals keep their code, and those of a try to get in are logged; anything else is logged and
 * answered `failed`.
 */
export async function runPublicAction<T>(work: () => Promise<T>): Promise<ActionResult<T>> {
  try {
    return { ok: true, data: await work() };
  } catch (error) {
    unstable_rethrow(error);
    if (error instanceof Refusal) {
      tellRefusal(error, await requestOrigin());
      const { code, fields, retryAfter } = error;
      return { ok: false, code, fields, ...(retryAfter !== undefined && { retryAfter }) };
    }
    log().error({ err: error }, "action failed");
    return { ok: false, code: "failed", fields: [] };
  }
}

/**
 * Runs a use case for the current actor; answers `unauthenticated` when there is none, and records
 * what the actor's role does not allow.
 */
export function runAction<T>(work: (actor: Actor) => Promise<T>): Promise<ActionResult<T>> {
  return runPublicAction(async () => {
    const actor = await currentActor();
    if (!actor) throw new Refusal("unauthenticated");
    return recordingRejections(actor, () => work(actor));
  });
}

/** Runs a use case for whoever is signed in, in an account or not; answers `unauthenticated` without one. */
export function runPersonAction<T>(work: (person: Person) => Promise<T>): Promise<ActionResult<T>> {
  return runPublicAction(async () => {
    const person = await currentPerson();
    if (!person) throw new Refusal("unauthenticated");
    return work(person);
  });
}
