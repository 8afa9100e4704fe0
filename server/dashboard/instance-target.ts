/** An address of another origin before the path (RFC 9112 §3.2.2 absolute-form). */
const authority = /^https?:\/\/[^/?#]*/i;

const instanceShape = /^\/instances\/+[^/]*\/+token\//;

/** What nearly all calls look like; only to be quick. */
const plain = /^\/instances\/[0-9A-Za-z]+\/token\//;

/** What the most lenient parser could make of a path: decoded, slashes merged, dot segments resolved. */
function resolved(path: string): string {
  const decoded = path
    .replace(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll("\\", "/");
  const kept: string[] = [];
  for (const segment of decoded.split("/")) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  return `/${kept.join("/")}/`;
}

/**
 * True when a request target belongs to the instance door: it is a call to an instance, well formed or
 * not, or it is so written that some parser could take it for one. The door refuses the latter.
 */
export function isInstanceTarget(target: string): boolean {
  if (plain.test(target)) return true;
  const path = target.replace(authority, "").split("?", 1)[0] ?? "";
  if (instanceShape.test(path)) return true;
  return /[%\\]|\/\.|\/\//.test(path) && instanceShape.test(resolved(path));
}

/** What Next.js is given instead: it reaches the door's route, and nothing in it can be normalised. */
export const doorTarget = "/instances/-/token/-/x";
