/*
 * An instance is called under `/instances/{instanceId}/token/{instanceToken}/{path}`. Here is how that is written, found
 * in a text and taken apart. The route handler's folder and the matcher of proxy.ts say it once more, because Next.js
 * reads them as they stand.
 */

/** The shape for people who read the log: what callers put in their paths, their token above all, is not ours to keep. */
export const instanceRoute = "/instances/{instanceId}/token/{instanceToken}/{path}";

/** The same under a host name of an instance or a service. */
export const serviceRoute = "/{path}";

/**
 * The parts of an instance request's target, each exactly as it was sent. Under a host name of an instance or a service
 * the instance's path is the whole path: there is no token in it, and `instanceToken` is empty.
 */
export interface RequestPath {
  readonly instanceId: string;
  readonly instanceToken: string;
  /** What follows the token: empty, or starting with a slash. Never decoded or re-encoded. */
  readonly rest: string;
  /** Empty, or starting with a question mark. Never decoded or re-encoded. */
  readonly query: string;
}

/** The path of an instance; everything of the instance is below it. Empty where that is a whole host. */
export function instanceBase({
  instanceId,
  instanceToken,
}: Pick<RequestPath, "instanceId" | "instanceToken">): string {
  return instanceToken === "" ? "" : `/instances/${instanceId}/token/${instanceToken}`;
}

/** Quickly tells texts apart that name no instance; what it lets through may still name none. */
export function mayNameInstance(text: string): boolean {
  return text.includes("/instances/");
}

/** True for a text with the beginning of an instance's path in it, up to the token. */
export function namesInstance(text: string): boolean {
  return /\/instances\/[^/]+\/token\//.test(text);
}

/** Longest path accepted, in bytes, without the query (RFC 9110 §4.1 asks for at least 8,000). */
export const requestPathMaxBytes = 8192;

const shape = /^\/instances\/([^/]+)\/token\/([^/]+)(\/.*)?$/s;
// Controls, space, DEL, backslash and `#` have no place in a path; parsers disagree about each of them.
const forbiddenCharacter = /[^\x21-\x7e\x80-\xff]|[\\#]/;
const malformedEscape = /%(?![0-9a-f]{2})/i;
const encodedNul = /%00/;
const dot = /\.|%2e/i;
const encodedSeparator = /%(?:2f|5c)/i;

/**
 * True when some server could read the segment as `.` or `..`: literally, percent-encoded in any mix
 * (`.%2e`), joined by an encoded separator (`..%2f`, `%5c..`), or with path parameters (`..;x`).
 */
function hidesDotSegment(segment: string): boolean {
  if (!dot.test(segment)) return false;
  return segment.split(/%2f|%5c/i).some((part) => {
    const name = part.replace(/%2e/gi, ".").replace(/(?:;|%3b).*$/is, "");
    return name === "." || name === "..";
  });
}

/** True for a query, from its question mark on, without what parsers disagree about. Empty counts. */
export function isWellFormedQuery(query: string): boolean {
  return !/[^\x21-\x7e\x80-\xff]|#/.test(query);
}

/**
 * True for a target whose path leads nowhere but down in whatever way a server reads it. Total.
 *
 * @param target as for `parseRequestPath`
 */
export function isWellFormedTarget(target: string): boolean {
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? "" : target.slice(mark);
  if (path.length > requestPathMaxBytes || forbiddenCharacter.test(path)) return false;
  if (!isWellFormedQuery(query)) return false;
  if (malformedEscape.test(path) || encodedNul.test(path)) return false;
  return !dot.test(path) || !path.split("/").some(hidesDotSegment);
}

/**
 * Takes the target of a request to an instance apart. Total: bad input is `null`, never an exception.
 * What it returns was only cut, so it can be forwarded byte for byte.
 *
 * @param target the request target as received, in origin form (RFC 9112 §3.2.1), one character for each byte
 */
export function parseRequestPath(target: string): RequestPath | null {
  if (!isWellFormedTarget(target)) return null;
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? "" : target.slice(mark);
  const [, instanceId, instanceToken, rest = ""] = shape.exec(path) ?? [];
  if (!instanceId || !instanceToken) return null;
  if (encodedSeparator.test(instanceId) || encodedSeparator.test(instanceToken)) return null;
  return { instanceId, instanceToken, rest, query };
}

/** An address of another origin before the path (RFC 9112 §3.2.2 absolute-form). */
const authority = /^https?:\/\/[^/?#]*/i;

/** Also what only a lenient parser takes for it. */
const lenientShape = /^\/instances\/+[^/]*\/+token\//;

/** What nearly all calls look like; only to be quick. */
const usual = /^\/instances\/[0-9A-Za-z]+\/token\//;

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
  if (usual.test(target)) return true;
  const origin = target.startsWith("/") ? target : target.replace(authority, "");
  const mark = origin.indexOf("?");
  const path = mark < 0 ? origin : origin.slice(0, mark);
  if (lenientShape.test(path)) return true;
  return /[%\\]|\/\.|\/\//.test(path) && lenientShape.test(resolved(path));
}

/** What Next.js is given instead: it reaches the door's route, and nothing in it can be normalised. */
export const doorTarget = "/instances/-/token/-/x";
