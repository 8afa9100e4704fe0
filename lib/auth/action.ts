import { revalidatePath } from "next/cache";
import { headers } from "next/headers";
import { unstable_rethrow } from "next/navigation";
import { z } from "zod";
import type { Actor, Person } from "@/lib/domain/actor";
import { type ActionResult, Refusal, type RefusalCode } from "@/lib/domain/errors";
import { actionAttempts } from "@/lib/log/printed";
import { recordingRejections } from "@/lib/services/audit/recording-rejections";
import { parse } from "@/lib/services/parse";
import { currentActor, currentPerson } from "./current-actor";
import { log, logRefusal } from "./log";

// Every export of a "use server" file is declared by one of four functions below. A browser can call an action with
// anything, so arguments are parsed before a word of it runs. What runs returns its data or throws a Refusal; nothing
// else ever leaves an action than an ActionResult, and what Next.js redirects with.

/** What a form sends. */
export const formData = z.instanceof(FormData);

/** What an authenticator answers, through its browser. Every part of it may be forged: whoever checks it knows. */
export const answer = <T extends object>() =>
  z.custom<T>((value) => typeof value === "object" && value !== null && !Array.isArray(value));

/** A schema for each argument; more arguments than there are schemas for are not looked at. */
type Schemas = readonly z.ZodType[];
type Given<S extends Schemas> = { -readonly [I in keyof S]: z.input<S[I]> };
type Parsed<S extends Schemas> = { -readonly [I in keyof S]: z.output<S[I]> };

/** What a browser gave may be an object that throws when it is read; what a use case breaks on is not the browser's. */
function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal("invalid");
  }
}

const parseAll = <S extends Schemas>(schemas: S, given: readonly unknown[]): Parsed<S> =>
  readable(() => schemas.map((schema, index) => parse(schema, given[index])) as Parsed<S>);

/** An action's "no". */
type Refused = Extract<ActionResult<unknown>, { ok: false }>;

/** What to answer instead of a refusal, or where to go then; gets what `run` got. */
type OnRefusal<A extends readonly unknown[], T> = (refused: Refused, ...args: A) => Promise<ActionResult<T>>;

/** Declares an action by a schema for each argument. What the fields may say is up to the use case. */
export function serverAction<const S extends Schemas, T>(
  schemas: S,
  run: (...args: Parsed<S>) => Promise<T>,
  onRefusal?: OnRefusal<Parsed<S>, T>,
): (...given: Given<S>) => Promise<ActionResult<T>> {
  return async (...given) => {
    let args: Parsed<S> | undefined;
    const outcome = await attempt(() => {
      args = parseAll(schemas, given);
      return run(...args);
    });
    return outcome.ok || !args || !onRefusal ? outcome : onRefusal(outcome, ...args);
  };
}

/** The same for what answers nothing: a form that only leads elsewhere, a setting of the browser. */
export function quietAction<const S extends Schemas>(
  schemas: S,
  run: (...args: Parsed<S>) => Promise<void>,
  onRefusal?: OnRefusal<Parsed<S>, void>,
): (...given: Given<S>) => Promise<void> {
  const declared = serverAction(schemas, run, onRefusal);
  return async (...given) => {
    const outcome = await declared(...given);
    // It is logged; the person gets the page that says so.
    if (!outcome.ok && outcome.code === "failed") throw new Error("action failed");
  };
}

/**
 * Declares the action of a form for `useActionState`, which works before, or without, JavaScript. `run` gets the
 * named fields as text; a field that is missing, or no text, is empty.
 */
export function formAction<F extends string>(
  fields: readonly F[],
  run: (values: Fields<F>) => Promise<void>,
  onRefusal?: OnRefusal<[values: Fields<F>], null>,
): (previous: ActionResult | null, form: FormData) => Promise<ActionResult> {
  const schema = formData.transform((form) => {
    const textOf = (value: FormDataEntryValue | null) => (typeof value === "string" ? value : "");
    return Object.fromEntries(fields.map((field) => [field, textOf(form.get(field))])) as Fields<F>;
  });
  const declared = serverAction(
    [schema],
    async (values) => {
      await run(values);
      return null;
    },
    onRefusal,
  );
  // What came before is written by the browser: nobody reads it.
  return (_previous, form) => declared(form);
}

type Fields<F extends string> = Readonly<Record<F, string>>;

/** Gives these fields back with a refusal, so that the form can show again what was typed. Never a secret. */
export const giveBack =
  <F extends string>(...kept: readonly F[]) =>
  async (refused: Refused, values: Fields<F>): Promise<Refused> => ({
    ...refused,
    values: Object.fromEntries(kept.map((field) => [field, values[field]])),
  });

/** Answers that say nothing about the page. Every other refusal may mean that it is out of date. */
const saysNothing: ReadonlySet<RefusalCode | "failed"> = new Set(["proof_required", "limited", "failed"]);

/**
 * Derives the action of a use case: for the member who asks, with what the use case itself parses.
 *
 * @param page the page that shows the change, drawn anew with the answer; also when the answer may mean that it is out
 *   of date. Without one, nothing is drawn.
 * @param facts what the request says of itself, put into the input in place of whatever the browser gave
 */
export function actionOf<I extends readonly unknown[], T, F extends object = Record<never, never>>(
  run: (actor: Actor, ...input: I) => Promise<T>,
  page?: string,
  facts?: () => Promise<F>,
): (...input: Without<I, F>) => Promise<ActionResult<T>> {
  return async (...input) => {
    const outcome = await attempt(() =>
      asMember(async (actor) => {
        const given = readable(() => structuredClone(input[0]));
        const whole = facts ? { ...parse(anyFields, given ?? {}), ...(await facts()) } : given;
        return run(actor, ...([whole] as unknown as I));
      }),
    );
    if (page !== undefined && (outcome.ok || !saysNothing.has(outcome.code))) revalidatePath(page);
    return outcome;
  };
}

const anyFields = z.looseObject({});

/** The input of a use case without what the server puts into it. */
type Without<I extends readonly unknown[], F> = keyof F extends never
  ? I
  : Exclude<keyof NonNullable<I[0]>, keyof F> extends never
    ? []
    : [input: Omit<NonNullable<I[0]>, keyof F>];

/** Who was refused what, for the log. */
const refusedTo = new WeakMap<Refusal, string>();

async function runAs<P extends Person, T>(person: P | null, work: (person: P) => Promise<T>): Promise<T> {
  if (!person) throw new Refusal("unauthenticated");
  try {
    return await work(person);
  } catch (error) {
    if (error instanceof Refusal) refusedTo.set(error, person.userId);
    throw error;
  }
}

/**
 * Does something as the member who asks, inside an action, and records what their role does not allow.
 *
 * @throws Refusal `unauthenticated` without one, or what `work` refuses with
 */
export async function asMember<T>(work: (actor: Actor) => Promise<T>): Promise<T> {
  return runAs(await currentActor(), (actor) => recordingRejections(actor, () => work(actor)));
}

/**
 * Does something as whoever is signed in, in an account or not, inside an action.
 *
 * @throws Refusal `unauthenticated` without one, or what `work` refuses with
 */
export async function asPerson<T>(work: (person: Person) => Promise<T>): Promise<T> {
  return runAs(await currentPerson(), work);
}

/** Refusals keep their code and are logged; anything else is logged and answered `failed`. */
async function attempt<T>(work: () => Promise<T>): Promise<ActionResult<T>> {
  const current = actionAttempts().getStore();
  if (current) current.reached = true;
  try {
    return { ok: true, data: await work() };
  } catch (error) {
    unstable_rethrow(error);
    if (error instanceof Refusal) {
      logRefusal(error, await headers(), refusedTo.get(error));
      const { code, fields, retryAfter } = error;
      return { ok: false, code, fields, ...(retryAfter !== undefined && { retryAfter }) };
    }
    log().error({ err: error }, "action failed");
    return { ok: false, code: "failed", fields: [] };
  }
}
