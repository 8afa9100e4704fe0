import { invalidField } from "@/lib/domain/errors";
import { isTypedName } from "@/lib/domain/seen-text";

/**
 * Guards what deletes, or knowingly rejects callers: the name has to be typed as it is seen.
 *
 * @throws Refusal `invalid` (the field: required, name_mismatch)
 */
export function requireTypedName(
  { name }: { readonly name: string },
  typed: string,
  field: "confirmation" | "confirmName" = "confirmation",
): void {
  if (isTypedName(typed, name)) return;
  const forgotten = typed === "" && field === "confirmation";
  throw invalidField(field, forgotten ? "required" : "name_mismatch");
}
