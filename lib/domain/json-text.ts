/** What a JSON body says at a pointer: one text, none, or something that servers read in different ways. */
export type JsonText =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "none" | "ambiguous" };

const none: JsonText = { kind: "none" };
const ambiguous: JsonText = { kind: "ambiguous" };

const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** A name without its case. Go also takes `\u017f` for `s` and `\u212a` for `k`: upper case first makes the same of them. */
export const foldCase = (name: string): string => name.toUpperCase().toLowerCase();

/** The keys of a JSON pointer (RFC 6901), for objects only. */
function keysOf(pointer: string): string[] {
  return pointer
    .slice(1)
    .split("/")
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Where each of an object's members has its value, of members on the way of a pointer. */
interface Level {
  readonly object: boolean;
  /** How many keys of the pointer led here; -1 off its way. */
  readonly depth: number;
  /** The key of the member that is being read. */
  key: string | null;
}

/** Whether the keys on the way of a pointer are there once each, whatever their case and however they are escaped. */
function isOnlyOnce(text: string, keys: readonly string[]): boolean {
  const counts = keys.map(() => 0);
  const levels: Level[] = [];
  let expectsKey = false;
  for (const [part] of text.matchAll(token)) {
    const level = levels.at(-1);
    if (part === "{" || part === "[") {
      const led =
        level === undefined ? 0 : level.object && level.depth >= 0 && level.key === keys[level.depth];
      const depth = level === undefined ? 0 : led ? level.depth + 1 : -1;
      levels.push({ object: part === "{", depth: part === "{" ? depth : -1, key: null });
      expectsKey = part === "{";
    } else if (part === "}" || part === "]") {
      levels.pop();
      expectsKey = false;
    } else if (part === ",") {
      expectsKey = level?.object ?? false;
    } else if (expectsKey && level) {
      level.key = JSON.parse(part) as string;
      expectsKey = false;
      const wanted = level.depth >= 0 ? keys[level.depth] : undefined;
      if (wanted === undefined || foldCase(level.key) !== foldCase(wanted)) continue;
      const count = (counts[level.depth] ?? 0) + 1;
      counts[level.depth] = count;
      if (count > 1 || level.key !== wanted) return false;
    }
  }
  return true;
}

/**
 * The text at a pointer of a JSON body (RFC 8259, RFC 6901). Pure and total. `ambiguous`: some key on the way is there
 * twice or in another case, since servers do not agree on which one counts; the body is no JSON, or not in UTF-8; or what
 * stands there is no text.
 *
 * @param pointer members of objects only
 */
export function jsonTextAt(body: Uint8Array, pointer: string): JsonText {
  let text: string;
  let found: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
    found = JSON.parse(text);
  } catch {
    return ambiguous;
  }
  const keys = keysOf(pointer);
  if (!isOnlyOnce(text, keys)) return ambiguous;
  for (const key of keys) {
    if (typeof found !== "object" || found === null || Array.isArray(found)) return none;
    if (!Object.hasOwn(found, key)) return none;
    found = (found as Record<string, unknown>)[key];
  }
  return typeof found === "string" ? { kind: "text", text: found } : ambiguous;
}
