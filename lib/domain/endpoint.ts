import {
  type CompiledRule,
  compileEndpointRules,
  couldBeSegment,
  foldedOf,
  isForMethod,
  isSegment,
  type RuleSegment,
  spaceMark,
} from "./endpoint-rule";
import { mergedName } from "./forwarded-headers";
import { plainSegments } from "./route-template";

/*
 * Endpoint rules of one instance: which methods and paths are let in, once token and address were. What two servers could
 * read in two ways is let in by no rule and gets past none: a request for it is rejected wherever rules are enforced.
 */

/** What is looked at of a request. */
export interface EndpointFacts {
  readonly method: string;
  /** What the upstream gets: what follows the token, or under a host name all of it; without the query. */
  readonly path: string;
  readonly query: string;
  /** Name, value, name, value …, names in lower case. */
  readonly headers: readonly string[];
}

/** Headers by which servers take a request for one with another method or path, by their merged names. */
const overriding: ReadonlySet<string> = new Set([
  "x-http-method-override",
  "x-http-method",
  "x-method-override",
  "x-original-url",
  "x-rewrite-url",
  "x-override-url",
]);
const [leastLength, mostLength] = [13, 22];

/** `_method` as lenient servers read the name of a parameter: dots, spaces and brackets are underscores to some. */
const methodParameter = /^[\s._[\]+-]+method(?![a-z0-9])/i;

function namesMethod(query: string): boolean {
  if (!/method|%/i.test(query)) return false;
  const decoded = query.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return [query, decoded].some((text) =>
    text.split(/[?&;]/).some((part) => methodParameter.test(part) || /^x-http-method/i.test(part)),
  );
}

/** True when a server could take the request for one with another method or path than it has. */
export function asksForAnother({ headers, query }: Pick<EndpointFacts, "headers" | "query">): boolean {
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? "";
    if (name.length < leastLength || name.length > mostLength || !name.startsWith("x")) continue;
    if (overriding.has(mergedName(name))) return true;
  }
  return query !== "" && namesMethod(query);
}

/** A space inside a segment is one to everybody; at its ends some servers leave it out. */
const innerSpace = /(?<=[^/])%20(?=[^/])/g;

/** What a normalised name must not have become: another structure. */
const structural = /[/\\?#;%]|^\.{1,2}$/;

/** A path as segments if it can be read in one way only; null otherwise. */
export function clearSegments(path: string): readonly string[] | null {
  const segments = plainSegments(path.includes("%20") ? path.replace(innerSpace, spaceMark) : path);
  if (segments === null) return null;
  for (const segment of segments)
    if (segment.includes("%") && structural.test(foldedOf(segment))) return null;
  return segments;
}

export const endsInSlash = (path: string): boolean => path.length > 1 && path.endsWith("/");

function matches(
  rule: CompiledRule,
  segments: readonly string[],
  isOne: (rule: RuleSegment, segment: string) => boolean,
): boolean {
  const wanted = rule.segments;
  if (segments.length < wanted.length || (segments.length > wanted.length && !rule.open)) return false;
  return wanted.every((each, index) => isOne(each, segments[index] ?? ""));
}

/**
 * Whether a request is let in by rules. Pure and total. Nothing is that could be read in two ways, or asks to be taken for
 * a request with another method or path (`X-HTTP-Method-Override`, `_method` in the query, `X-Original-URL`). Where rules
 * name what is rejected, whatever some server could take for it is; where they name what is let in, only what they say to
 * the letter, case and slash at the end included.
 *
 * @param packed from `packEndpointRules`
 */
export function allowsEndpoint(packed: string, facts: EndpointFacts): boolean {
  const { method, path } = facts;
  if (asksForAnother(facts)) return false;
  const segments = clearSegments(path);
  if (segments === null) return false;
  const { only, rules } = compileEndpointRules(packed);
  if (!only) {
    return !rules.some(
      (rule) =>
        rule === null || (isForMethod(rule.method, method) && matches(rule, segments, couldBeSegment)),
    );
  }
  const slash = endsInSlash(path);
  if (method !== method.toUpperCase()) return false;
  return rules.some(
    (rule) =>
      rule !== null &&
      (rule.open || rule.slash === slash) &&
      isForMethod(rule.method, method) &&
      matches(rule, segments, isSegment),
  );
}
