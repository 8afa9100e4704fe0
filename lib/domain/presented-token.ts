import { clientTokenMaxBytes, isWellFormedClientToken } from "./client-token";
import { instanceTokenPattern } from "./instance-token";
import { isPlaceholder } from "./placeholder-token";

/** What a request presented as its account security token, judged by its form alone. */
export type PresentedToken =
  | { readonly kind: "absent" }
  | { readonly kind: "empty" }
  /** Two or more header lines, or one line that is a list: which of them counts would be a guess. */
  | { readonly kind: "duplicate" }
  /** Over 256 bytes: never hashed. */
  | { readonly kind: "too_long" }
  | { readonly kind: "malformed" }
  /** An unset variable, an unfilled template or a pasted sample. */
  | { readonly kind: "placeholder" }
  /** Has the form of an instance token: the caller sent the wrong credential. */
  | { readonly kind: "instance_token" }
  | { readonly kind: "well_formed"; readonly value: string };

/** Optional white space around a field value is not part of it (RFC 9110 §5.5). */
function trimmed(line: string): string {
  return line.replace(/^[ \t]+|[ \t]+$/g, "");
}

/**
 * Classifies the values of the `Client-Token` header lines. Total. Lines that a server joined with commas
 * mean the same as separate lines (RFC 9110 §5.3) and are classified alike; no token contains a comma.
 *
 * @param lines one entry a header line, one character for each byte
 */
export function classifyPresentedToken(lines: readonly string[]): PresentedToken {
  const [line, ...others] = lines;
  if (line === undefined) return { kind: "absent" };
  if (others.length > 0 || line.includes(",")) return { kind: "duplicate" };
  const value = trimmed(line);
  if (value === "") return { kind: "empty" };
  if (value.length > clientTokenMaxBytes) return { kind: "too_long" };
  if (isWellFormedClientToken(value)) return { kind: "well_formed", value };
  // Before the instance token: words can have its form, a random token is never made of words.
  if (isPlaceholder(value)) return { kind: "placeholder" };
  return { kind: instanceTokenPattern.test(value) ? "instance_token" : "malformed" };
}
