import { headers } from "next/headers";
import { unstable_rethrow } from "next/navigation";
import type { ActionResult } from "@/lib/domain/action-result";
import type { Actor, Person } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { recordingRejections } from "@/lib/services/audit/recording-rejections";
import { currentActor, currentPerson } from "./current-actor";
import { log } from "./log";
import { askedOf } from "./origin";
import { tellRefusal } from "./refusal-log";

/** Work with somebody, once it is known who that is. */
type Attempt<T> = (known: (person: Person) => void) => Promise<T>;

async function answered<T>(attempt: Attempt<T>): Promise<ActionResult<T>> {
  let who: string | undefined;
  const known = ({ userId }: Person) => {
    who = userId;
  };
  try {
    return { ok: true, data: await attempt(known) };
  } catch (error) {
    unstable_rethrow(error);
    if (error instanceof Refusal) {
      tellRefusal(error, askedOf(await headers()), who);
      const { code, fields, retryAfter } = error;
      return { ok: false, code, fields, ...(retryAfter !== undefined && { retryAfter }) };
    }
    log().error({ err: error }, "action failed");
    return { ok: false, code: "failed", fields: [] };
  }
}

/**
 * Runs what needs nobody signed in (sign-in, registration) and turns its outcome into what a server action
 * answers. Refusals keep their code and are logged; anything else is logged and answered `failed`.
 */
export function runPublicAction<T>(work: () => Promise<T>): Promise<ActionResult<T>> {
  return answered(work);
}

/**
 * Runs a use case for the current actor; answers `unauthenticated` when there is none, and records
 * what the actor's role does not allow.
 */
export function runAction<T>(work: (actor: Actor) => Promise<T>): Promise<ActionResult<T>> {
  return answered(async (known) => {
    const actor = await currentActor();
    if (!actor) throw new Refusal("unauthenticated");
    known(actor);
    return recordingRejections(actor, () => work(actor));
  });
}

/** Runs a use case for whoever is signed in, in an account or not; answers `unauthenticated` without one. */
export function runPersonAction<T>(work: (person: Person) => Promise<T>): Promise<ActionResult<T>> {
  return answered(async (known) => {
    const person = await currentPerson();
    if (!person) throw new Refusal("unauthenticated");
    known(person);
    return work(person);
  });
}
