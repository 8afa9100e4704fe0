import { invalidField } from "@/lib/domain/errors";
import { cleanName } from "./name-schema";

/**
 * Guards what knowingly rejects callers: the account's name has to be typed.
 *
 * @throws Refusal `invalid` (confirmation: required, name_mismatch)
 */
export function requireTypedName(account: { readonly name: string }, confirmation: string): void {
  const typed = cleanName(confirmation);
  if (typed !== account.name) throw invalidField("confirmation", typed === "" ? "required" : "name_mismatch");
}
