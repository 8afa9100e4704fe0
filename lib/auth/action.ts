import { z } from "zod";
import type { ActionResult } from "@/lib/domain/action-result";
import { Refusal } from "@/lib/domain/errors";
import { actionAttempts } from "@/lib/log/action-attempt";
import { parse } from "@/lib/services/parse";
import { runPublicAction } from "./run-action";

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
  try {
    return schemas.map((schema, index) => parse(schema, given[index])) as Parsed<S>;
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal("invalid");
  }
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
