/** A path that no page has: Next.js draws its page for what is not found. */
const nowhere = "/not-found";

/** Next.js keeps names that begin with an underscore for itself: its image optimizer, data routes, error pages. */
const ownName = /^_/;
const staticFile = /^\/_next\/static\/[^/]/;

const unfit = /[/\\\p{Cc}]/u;

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

/** True for a name that every parser reads alike: decodable, no separator, no control character, no dot segment. */
function isPlain(name: string | null): boolean {
  return name !== null && name !== "" && name !== "." && name !== ".." && !unfit.test(name);
}

/**
 * What Next.js gets for a target that is no instance's: pages, our own API and static files, each in the one form in
 * which every parser reads it alike. A path in any other form is that of no page. Null for what Next.js would serve by
 * itself, and for nobody: from inside, it could fetch, draw or keep what is behind an instance.
 */
export function nextTarget(target: string): string | null {
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? "" : target.slice(mark);
  const names = path.slice(1).replace(/\/$/, "").split("/").map(decoded);
  if (path !== "/" && (path.includes("#") || !names.every(isPlain))) return nowhere;
  if (ownName.test(names[0] ?? "") && !staticFile.test(path)) return null;
  // PostgreSQL keeps no NUL in a text; a browser shows one as this character (WHATWG Encoding, replacement).
  return path + query.replaceAll("%00", "%EF%BF%BD");
}
