/** What JSON can say. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

const loneSurrogate = /\p{Cs}/u;

function text(value: string): string {
  if (loneSurrogate.test(value)) throw new TypeError("canonical JSON: a lone surrogate has no UTF-8 form");
  return JSON.stringify(value);
}

function number(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError("canonical JSON: NaN and Infinity are not JSON");
  return JSON.stringify(value);
}

function member([key, value]: [string, Json | undefined]): string {
  return `${text(key)}:${canonicalJson(value as Json)}`;
}

/** By UTF-16 code units (RFC 8785 §3.2.3), which is how JavaScript compares text. */
function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

/**
 * The one way to write a JSON value, by the JSON Canonicalization Scheme (RFC 8785): keys in the order of
 * their UTF-16 units, no white space, numbers and escapes as ECMAScript writes them. Members that are
 * undefined are left out.
 *
 * @throws TypeError for what has no canonical form: NaN, Infinity, lone surrogates
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return text(value);
  if (typeof value === "number") return number(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.entries(value).filter(([, each]) => each !== undefined);
  return `{${members.sort(byKey).map(member).join(",")}}`;
}

/** `Array.isArray` does not tell read-only lists apart. */
function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}
