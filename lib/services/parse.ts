import { z } from "zod";
import { callerLimits } from "@/lib/domain/caller";
import { type FieldError, type FieldErrorCode, invalidField, Refusal } from "@/lib/domain/errors";
import { nameMaxLength } from "@/lib/domain/instance";
import { isTypedName, seenText } from "@/lib/domain/seen-text";

type Params = Readonly<Record<string, string | number>>;

/** Marks a field as refused from inside a schema's transform. */
export function refuse(
  context: z.RefinementCtx,
  code: FieldErrorCode,
  params?: Params,
  path?: PropertyKey[],
) {
  context.addIssue({ code: "custom", message: code, ...(params && { params }), ...(path && { path }) });
}

/**
 * Parses the input of a use case. A value of the wrong type can only come from a forged request; it counts
 * as missing.
 *
 * @throws Refusal `invalid` naming each refused field, as `headers.2.name` for nested ones
 */
export function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue): FieldError => {
    const field = issue.path.map(String).join(".");
    if (issue.code !== "custom") return { field, code: "required" };
    const code = issue.message as FieldErrorCode;
    return issue.params ? { field, code, params: issue.params as Params } : { field, code };
  });
  throw new Refusal("invalid", { fields });
}

/** Longest text that is looked for, in characters. */
const searchMaxLength = 200;

/** A text in a person's own words, as it is seen: at most `max` characters; may be empty. */
export function freeText(max: number) {
  return z.string().transform((raw, context) => {
    // No text that fits is as long: cleaning takes time for each character.
    const text = raw.length > 64 * max ? raw : seenText(raw);
    if ([...text].length > max) refuse(context, "too_long", { max });
    return text;
  });
}

/** A name that may be left out: up to 80 characters as they are seen; empty means none. */
export const optionalNameSchema = freeText(nameMaxLength).transform((name) => name || null);

/** Name of an account, instance or passkey: 1 to 80 characters as they are seen. */
export const nameSchema = freeText(nameMaxLength).transform((name, context) => {
  if (name === "") refuse(context, "required");
  return name;
});

/** What comes from the address bar and may be anything: `schema` says with `catch` what counts instead. */
export function lenient<S extends z.ZodType>(schema: S) {
  return z
    .unknown()
    .optional()
    .transform((given) => schema.parse(given));
}

/** What is looked for, from the address bar: what makes no sense there means everything. */
export const searchSchema = lenient(z.string().max(searchMaxLength).transform(seenText).catch(""));

/** Whose days are meant, from a cookie: what is missing, or Intl does not know, means UTC. */
export const timeZoneSchema = lenient(z.string().max(64).refine(isTimeZone).catch("UTC"));

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A name typed to confirm; `isTypedName` compares it. */
export const typedNameSchema = freeText(nameMaxLength).optional().default("");

/** Whom a question named before the name was typed; nobody unless it is said. */
const namedSchema = z
  .object({
    ids: z.array(z.string().max(36)).max(callerLimits.perAccount).readonly(),
    programs: z.array(z.string()).max(callerLimits.perAccount).readonly(),
    others: z.number(),
  })
  .default({ ids: [], programs: [], others: 0 });

/** Fields of a change that may break callers: the typed name, and whom the question named. */
export const consent = { confirmation: typedNameSchema, named: namedSchema };

/** The same where a dialog calls the name `confirmName`. */
export const consentOfInstance = { confirmName: typedNameSchema, named: namedSchema };

/**
 * Guards what deletes, or knowingly rejects callers: the name has to be typed as it is seen.
 *
 * @throws Refusal `invalid` (the field: required, name_mismatch)
 */
export function requireTypedName(
  { name }: { readonly name: string },
  typed: string,
  field: "confirmation" | "confirmName",
): void {
  if (isTypedName(typed, name)) return;
  const forgotten = typed === "" && field === "confirmation";
  throw invalidField(field, forgotten ? "required" : "name_mismatch");
}
