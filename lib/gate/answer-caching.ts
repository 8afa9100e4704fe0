import type { HeaderLine } from "@/lib/domain/forwarded-headers";

/** What tells shared caches alone how long to keep an answer, past `Cache-Control` (RFC 9213 and before it). */
function isForSharedCaches(name: string): boolean {
  return (
    name.endsWith("cdn-cache-control") ||
    name === "surrogate-control" ||
    name === "edge-control" ||
    name === "x-accel-expires"
  );
}

/** Directives that let a shared cache keep an answer, or do nothing beside `private`. */
const shared: ReadonlySet<string> = new Set(["public", "s-maxage", "proxy-revalidate", "private"]);

// RFC 9111 §5.2: a token, and for some a token or a quoted text.
const directive =
  /\s*([!#$%&'*+.^_`|~0-9a-z-]+)(?:=(?:"(?:[^"\\]|\\.)*"|[!#$%&'*+.^_`|~0-9a-z-]*))?\s*(?:,|$)|\s*,/iy;

/** `Cache-Control` for one caller's own cache; what cannot be read says no more than that. */
function forOneCaller(value: string): string {
  const kept: string[] = [];
  const names = new Set<string>();
  directive.lastIndex = 0;
  while (directive.lastIndex < value.length) {
    const found = directive.exec(value);
    if (!found) return "private, no-store";
    const name = found[1]?.toLowerCase();
    if (name === undefined || shared.has(name)) continue;
    names.add(name);
    kept.push(found[0].replace(/,$/, "").trim());
  }
  // With `must-understand`, a cache may set `no-store` aside (RFC 9111 §5.2.2.3).
  const closed = names.has("no-store") && !names.has("must-understand");
  return [...(closed ? [] : ["private"]), ...kept].join(", ");
}

/** Whoever presents another token, or none, must ask again. */
const varyByToken: HeaderLine = ["vary", "Client-Token"];

const privately: HeaderLine = ["cache-control", "private"];

/**
 * Makes an answer one that only its caller's own cache may keep: its URL is a credential, and a second one
 * may be demanded, today or tomorrow (compare RFC 9111 §3.5). `no-store` stays.
 */
export function forPrivateCaches(lines: readonly HeaderLine[]): HeaderLine[] {
  const kept: HeaderLine[] = [];
  let cacheControl = "";
  for (const line of lines) {
    const [name, value] = line;
    if (name === "cache-control") cacheControl += cacheControl === "" ? value : `, ${value}`;
    else if (!isForSharedCaches(name)) kept.push(line);
  }
  kept.push(cacheControl === "" ? privately : ["cache-control", forOneCaller(cacheControl)], varyByToken);
  return kept;
}
