import type { Preset } from "@/lib/domain/preset";

/** Where an item of a gateway's list has its name and its credential (RFC 6901). */
export type ListPointers = Pick<NonNullable<Preset["list"]>, "name" | "credential">;

/** The value at a JSON pointer (RFC 6901); undefined where there is none. Only what is a value's own counts. */
export function valueAt(value: unknown, pointer: string): unknown {
  let at = value;
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[key];
  }
  return at;
}

/** The list that a value is, or that it has as the only one of its members; null when there is none, or more than one. */
export function listIn(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  if (typeof value !== "object" || value === null) return null;
  const lists = Object.values(value).filter(
    (each) => Array.isArray(each) && each.length > 0 && each.every(isObject),
  );
  return lists.length === 1 ? (lists[0] as readonly unknown[]) : null;
}

const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
