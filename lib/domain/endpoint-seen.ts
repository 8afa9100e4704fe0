import { clearSegments, endsInSlash } from "./endpoint";
import {
  type CompiledRule,
  compileEndpointRules,
  couldBeSegment,
  isForMethod,
  isSegment,
  type RuleSegment,
} from "./endpoint-rule";
import { isWords } from "./path-template";

/*
 * What is remembered of the endpoints that callers call, and what rules would do to them. A path is remembered as the
 * template of a rule that it matches, without whom it is about: `/message/sendText/{instance}`, `/chats/{}/messages`.
 */

/** Endpoints remembered of one caller; that there were more is remembered too. */
export const endpointsPerCaller = 32;

/** Stands for paths that could be read in two ways, and requests that ask to be taken for another. */
export const unclearPath = "?";

const mostSegments = 8;
const pathMaxLength = 120;
/** Stands for the end of a path that is longer than what is remembered. */
export const restOfPath = "{*}";

function joined(segments: readonly string[], slash: boolean): string {
  let path = "";
  for (const [index, segment] of segments.entries()) {
    const next = `/${segment.includes("{") || isWords(segment) ? segment : "{}"}`;
    if (index === mostSegments || path.length + next.length + restOfPath.length + 2 > pathMaxLength)
      return `${path}/${restOfPath}`;
    path += next;
  }
  return path === "" || slash ? `${path}/` : path;
}

/** What is remembered of a path as it was sent. Total; at most 120 characters, no ids and no numbers. */
export function seenPath(path: string): string {
  const segments = clearSegments(path);
  return segments === null ? unclearPath : joined(segments, endsInSlash(path));
}

/** The same of one that has `{instance}` and `{token}` already, from `pathAbout`. */
export function seenAbout(about: string): string {
  return joined(about.split("/").filter(Boolean), endsInSlash(about));
}

/** An endpoint that a caller called, and how often. Sums since it is remembered; what token or address stopped is not in them. */
export interface SeenEndpoint {
  readonly method: string;
  /** As `seenPath` gives it. */
  readonly path: string;
  readonly accepted: number;
  /** Rejected by endpoint rules. */
  readonly rejected: number;
  readonly lastAt: Date;
}

/** What is known of the endpoints that one caller calls. */
export interface CallerEndpoints {
  readonly endpoints: readonly SeenEndpoint[];
  /** It called others too: more than are remembered, or before any were. */
  readonly more: boolean;
}

/** Whether all, none or some of what is remembered as one is what a rule or a route says. */
export type Relation = "all" | "none" | "some";

function segmentRelation(rule: RuleSegment, seen: string, only: boolean, label: string | null): Relation {
  const actual = seen === "{instance}" && label !== null ? label : seen;
  if (!actual.includes("{")) return (only ? isSegment : couldBeSegment)(rule, actual) ? "all" : "none";
  const isWhole = rule.holes === 1 && rule.before + rule.after === "";
  if (actual === "{}") {
    // What is remembered as {} has no plain words.
    if (isWhole) return rule.words.every(isWords) ? "all" : "some";
    return rule.holes === 0 && isWords(rule.text) ? "none" : "some";
  }
  if (isWhole) return rule.words.length === 0 ? "all" : "some";
  return rule.text === actual ? "all" : "some";
}

function relationOf(
  rule: CompiledRule,
  { method, path }: Pick<SeenEndpoint, "method" | "path">,
  only: boolean,
  label: string | null,
): Relation {
  if (!isForMethod(rule.method, method)) return "none";
  const segments = path.split("/").filter(Boolean);
  const isCut = segments.at(-1) === restOfPath;
  if (isCut) segments.pop();
  const wanted = rule.segments;
  if (!isCut && segments.length < wanted.length) return "none";
  if (segments.length > wanted.length && !rule.open) return "none";
  if (only && !isCut && !rule.open && rule.slash !== endsInSlash(path)) return "none";
  const relations = wanted
    .slice(0, segments.length)
    .map((each, index) => segmentRelation(each, segments[index] ?? "", only, label));
  if (relations.includes("none")) return "none";
  const isSure = !isCut || (rule.open && wanted.length <= segments.length);
  return isSure && !relations.includes("some") ? "all" : "some";
}

/** What rules would do to the requests that are remembered as one. */
export interface SeenJudged {
  readonly verdict: "passes" | "rejected" | "maybe";
  /** Place of the rule that decides, or may; null: none does. */
  readonly rule: number | null;
}

/**
 * Judges an endpoint that was seen by rules as `allowsEndpoint` judges each of its requests; where they would not all end
 * alike, or that cannot be told from what is remembered, it may be rejected.
 *
 * @param packed from `packEndpointRules`
 * @param label the instance's name in its service, which `{instance}` stands for; null: it has none
 */
export function judgeSeen(
  packed: string,
  seen: Pick<SeenEndpoint, "method" | "path">,
  label: string | null,
): SeenJudged {
  if (seen.path === unclearPath) return { verdict: "rejected", rule: null };
  const { only, rules } = compileEndpointRules(packed);
  const relations = rules.map((rule) => {
    if (rule === null) return only ? "none" : "all";
    return relationOf(rule, seen, only, label);
  });
  const [all, some] = [relations.indexOf("all"), relations.indexOf("some")];
  if (all >= 0) return { verdict: only ? "passes" : "rejected", rule: all };
  if (some >= 0) return { verdict: "maybe", rule: some };
  return { verdict: only ? "rejected" : "passes", rule: null };
}
