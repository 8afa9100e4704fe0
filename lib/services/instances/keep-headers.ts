import type { FieldError } from "@/lib/domain/errors";
import { Refusal } from "@/lib/domain/errors";
import type { UpstreamHeader } from "@/lib/domain/instance";
import type { HeaderPair } from "./sealed-headers";

/**
 * Fills in the stored values that the owner keeps (null). A value stays with the origin it was given for:
 * otherwise someone who may not see it could have it sent to a server of their own.
 *
 * @param stored headers that may be kept; none when the upstream's origin changes
 * @throws Refusal `invalid` (headers.N.value: required) where there is nothing to keep
 */
export function keepHeaders(given: readonly UpstreamHeader[], stored: readonly HeaderPair[]): HeaderPair[] {
  const values = new Map(stored.map(([name, value]) => [name.toLowerCase(), value]));
  const missing: FieldError[] = [];
  const kept = given.map(({ name, value }, index): HeaderPair => {
    const known = value ?? values.get(name.toLowerCase());
    if (known === undefined) missing.push({ field: `headers.${index}.value`, code: "required" });
    return [name, known ?? ""];
  });
  if (missing.length > 0) throw new Refusal("invalid", { fields: missing });
  return kept;
}
