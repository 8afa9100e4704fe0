import type { z } from "zod";
import { type FieldError, type FieldErrorCode, Refusal } from "@/lib/domain/errors";

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
