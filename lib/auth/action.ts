import { revalidatePath } from "next/cache";
import { headers } from "next/headers";
import { unstable_rethrow } from "next/navigation";
import { z } from "zod";
import type { Actor, Person } from "@/lib/domain/actor";
import { type ActionResult, Refusal, type RefusalCode } from "@/lib/domain/errors";
import { actionAttempts } from "@/lib/log/printed";
import { recordingRejections } from "@/lib/services/audit/recording-rejections";
import { parse } from "@/lib/services/parse";
import type { Input, UseCase } from "@/lib/services/use-case";
import { currentActor, currentPerson } from "./current-actor";
import { log } from "./log";
import { askedOf } from "./origin";
import { tellRefusal } from "./refusal-log";
import { renewSessionCookie } from "./session-cookie";

/** What a form sends. */
export const formData = z.instanceof(FormData);

/** What `useActionState` says came before. The browser writes it, so nobody reads it. */
export const previousOutcome = z.custom<ActionResult<unknown> | null>();

/** A schema for each argument. */
type Schemas = readonly z.ZodType[];
type Given<S extends Schemas> = { -readonly [I in keyof S]: z.input<S[I]> };
type Parsed<S extends Schemas> = { -readonly [I in keyof S]: z.output<S[I]> };

/** Reads each argument once; more than there are schemas for are not looked at. @throws Refusal `invalid` */
function parseAll<S extends Schemas>(schemas: S, given: readonly unknown[]): Parsed<S> {
  return schemas.map((schema, index) => parse(schema, given[index])) as Parsed<S>;
}

async function attempt<S extends Schemas, T>(
  schemas: S,
  given: readonly unknown[],
  run: (...args: Parsed<S>) => Promise<T>,
): Promise<ActionResult<T>> {
  const current = actionAttempts().getStore();
  if (current) current.reached = true;
  return runPublicAction(() => run(...parseAll(schemas, given)));
}

/**
 * Declares a server action: every export of a `"use server"` file is made by this or `quietAction`. A browser can
 * call one with anything, so its arguments are parsed before a word of it runs; what is of the wrong shape is refused
 * with `invalid`, and nothing is ever thrown but what Next.js redirects with.
 *
 * @param schemas one for each argument. What the fields may say is up to the use case.
 */
export function action<const S extends Schemas, T>(
  schemas: S,
  run: (...args: Parsed<S>) => Promise<ActionResult<T>>,
): (...given: Given<S>) => Promise<ActionResult<T>> {
  return async (...given) => {
    const outcome = await attempt(schemas, given, run);
    return outcome.ok ? outcome.data : outcome;
  };
}

/** The same for what answers nothing: a form that only leads elsewhere, a setting of the browser. */
export function quietAction<const S extends Schemas>(
  schemas: S,
  run: (...args: Parsed<S>) => Promise<void>,
): (...given: Given<S>) => Promise<void> {
  return async (...given) => {
    const outcome = await attempt(schemas, given, run);
    // It is logged; the person gets the page that says so.
    if (!outcome.ok && outcome.code === "failed") throw new Error("action failed");
  };
}

/** What an authenticator answers, through its browser. Every part of it may be forged: whoever checks it knows. */
export const answer = <T extends object>() =>
  z.custom<T>((value) => typeof value === "object" && value !== null && !Array.isArray(value));

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

/** Refusals that say that the page is out of date. */
const stale: ReadonlySet<RefusalCode | "failed"> = new Set([
  "conflict",
  "not_found",
  "invalid",
  "forbidden",
  "last_owner",
]);

/**
 * Derives the server action of a use case: for the member who asks, with what the use case itself parses. Answers
 * `unauthenticated` without one.
 *
 * @param page the page that shows the change, drawn anew with the answer; also when the answer says that it is out of
 *   date. Without one, nothing is drawn.
 */
export function actionOf<S extends z.ZodType, T>(
  run: UseCase<S, T>,
  page?: string,
): (...input: Input<S>) => Promise<ActionResult<T>> {
  return async (...input) => {
    const current = actionAttempts().getStore();
    if (current) current.reached = true;
    const outcome = await runAction((actor) => run(actor, ...input));
    if (page !== undefined && (outcome.ok || stale.has(outcome.code))) revalidatePath(page);
    return outcome;
  };
}
