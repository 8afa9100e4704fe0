import { parseRouteTemplate } from "./route-template";

/*
 * One endpoint rule, `DELETE /instance/delete/{instance}`: how it is written, and which segments of a path it is for.
 */

/** What rules say: everything is let in but what they name, or nothing else is. */
export type EndpointKind = "except" | "only";

/** Methods that a rule can name. One for GET holds for HEAD too, which servers answer in the same place. */
export const endpointMethods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const;

/** What a rule can say instead of one of them, and all of them. */
export const ruleMethods: readonly string[] = ["*", ...endpointMethods];

/** Rules of one instance at most. */
export const mostEndpointRules = 50;

/** The method and path that a rule is written with: `*` for all methods, and a template of `route-template.ts`. */
const written = /^(\*|[A-Z]{1,20}) (\/.*)$/;

/** One segment of a template: what it begins and ends with, and what is in between. */
export interface RuleSegment {
  readonly text: string;
  readonly before: string;
  readonly after: string;
  /** How many placeholders it has, and what stands between two of them. */
  readonly holes: number;
  readonly separator: string;
  /** Of a segment that is one placeholder: words that it does not stand for. */
  readonly words: readonly string[];
}

/** A rule that was understood. */
export interface CompiledRule {
  readonly method: string;
  readonly segments: readonly RuleSegment[];
  /** It ends in `{*}`. */
  readonly open: boolean;
  readonly slash: boolean;
}

/** Rules as decisions are made by them. What was not understood is null: it lets nothing in, and everything is it. */
interface CompiledRules {
  readonly only: boolean;
  readonly rules: readonly (CompiledRule | null)[];
}

function segmentOf(text: string): RuleSegment {
  const parts = text.split(/(\{[^{}]*\})/).filter(Boolean);
  const holes = parts.filter((part) => part.startsWith("{")).length;
  const [first = ""] = parts;
  const last = parts.at(-1) ?? "";
  const before = first.startsWith("{") ? "" : first;
  const after = parts.length > 1 && !last.startsWith("{") ? last : "";
  const inner = parts.slice(before === "" ? 0 : 1, after === "" ? undefined : -1);
  const [, ...words] = holes === 1 && parts.length === 1 ? text.slice(1, -1).split(/[!|]/) : [];
  return { text, before, after, holes, separator: inner[1] ?? "", words };
}

/** The path of a rule without the slash at its end, which templates do not have. */
const bare = (path: string): string => (path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path);

function compileRule(text: string): CompiledRule | null {
  const [, method, path] = written.exec(text) ?? [];
  if (method === undefined || path === undefined) return null;
  const template = parseRouteTemplate(bare(path));
  if (typeof template === "string") return null;
  // One of some words is as many rules.
  if (template.segments.some(({ whole }) => whole !== null && whole.only !== null)) return null;
  const { open, text: whole } = template;
  const texts = whole === "/" ? [] : whole.slice(1).split("/");
  const segments = (open ? texts.slice(0, -1) : texts).map(segmentOf);
  return { method, segments, open, slash: path !== whole };
}

/** A rule as people write it, in the one form that it is stored in; null for what is none. */
export function readEndpointRule(method: string, path: string): string | null {
  const segments = path.trim().split("/");
  const last = segments.length - 1;
  const meant = segments.map((segment, index) => {
    if (/^\*{1,2}$/.test(segment)) return index === last ? "{*}" : "{}";
    return segment.replace(/\{[A-Za-z_][A-Za-z0-9_]*\}/g, (hole) =>
      hole === "{instance}" || hole === "{token}" ? hole : "{}",
    );
  });
  const rule = `${method} ${meant.join("/")}`;
  return compileRule(rule) === null ? null : rule;
}

/** The two halves of a rule as it is stored. */
export function endpointRuleParts(rule: string): { readonly method: string; readonly path: string } {
  const space = rule.indexOf(" ");
  return { method: rule.slice(0, space), path: rule.slice(space + 1) };
}

/** Rules in the one text that policies hold. */
export function packEndpointRules(kind: EndpointKind, rules: readonly string[]): string {
  return [kind, ...rules].join("\n");
}

/** Sets that stay compiled: those of the present and of the past round. One with 50 rules takes some 40 KB. */
const mostCompiled = 500;
let present = new Map<string, CompiledRules>();
let past = new Map<string, CompiledRules>();

/** Rules from their one text. Total. */
export function compileEndpointRules(packed: string): CompiledRules {
  const found = present.get(packed);
  if (found !== undefined) return found;
  const [kind, ...rules] = packed.split("\n");
  const isKnown = kind === "only" || kind === "except";
  // Of a kind that nobody knows nothing is let in.
  const made = past.get(packed) ?? {
    only: kind !== "except",
    rules: isKnown ? rules.map(compileRule) : [],
  };
  if (present.size >= mostCompiled) {
    past = present;
    present = new Map();
  }
  present.set(packed, made);
  return made;
}

/** Stands for a space inside a segment: it is in no template, and a path may have it. */
export const spaceMark = "&";

/** As some server could read a segment: decoded, in one Unicode form and case, without what cannot be seen. */
export function foldedOf(segment: string): string {
  if (!segment.includes("%")) return segment.toLowerCase();
  const text = decodeURIComponent(segment).normalize("NFKC").toUpperCase().toLowerCase();
  return text.replace(/\p{Default_Ignorable_Code_Point}/gu, "").trim();
}

/** Whether `text` is one of the words, whatever its case, or one with an extension. */
const isOneOf = (text: string, words: readonly string[]): boolean =>
  words.some((word) => text === word.toLowerCase() || text.startsWith(`${word.toLowerCase()}.`));

/** Whether a segment is what a rule says, to every server. */
export function isSegment(
  { text, before, after, holes, separator, words }: RuleSegment,
  segment: string,
): boolean {
  if (holes === 0) return segment === text;
  if (before === "" && after === "" && holes === 1) return !isOneOf(foldedOf(segment), words);
  if (segment.includes("%") || segment.includes(spaceMark)) return false;
  if (!segment.startsWith(before) || !segment.endsWith(after)) return false;
  const middle = segment.slice(before.length, segment.length - after.length);
  if (segment.length <= before.length + after.length) return false;
  if (holes === 1) return true;
  const [at, lower] = [middle.indexOf(separator), middle.toLowerCase()];
  if (at < 1 || at + separator.length >= middle.length) return false;
  return lower.indexOf(separator.toLowerCase()) === at && lower.indexOf(separator.toLowerCase(), at + 1) < 0;
}

/** Whether a folded segment is `before`, something, and `after`, cut wherever that can be done. */
function canBeCut(folded: string, { before, after, holes, separator }: RuleSegment): boolean {
  const [start, end] = [before.toLowerCase(), after.toLowerCase()];
  if (!folded.startsWith(start) || !folded.endsWith(end)) return false;
  if (folded.length <= start.length + end.length) return false;
  if (holes === 1) return true;
  const middle = folded.slice(start.length, folded.length - end.length);
  const at = middle.indexOf(separator.toLowerCase(), 1);
  return at >= 1 && at + separator.length < middle.length;
}

/** Whether some server could read a segment as what a rule says: in another case, with an extension or dots at its end. */
export function couldBeSegment(rule: RuleSegment, segment: string): boolean {
  const { text, before, after, holes, words } = rule;
  if (before === "" && after === "" && holes === 1) return !words.includes(segment);
  const folded = foldedOf(segment);
  if (holes === 0) return isOneOf(folded, [text]);
  return canBeCut(folded, rule) || canBeCut(folded.replace(/[.\s]+$/, ""), rule);
}

/** Whether a rule is for a method. Methods are case-sensitive, but not to all servers. */
export function isForMethod(rule: string, method: string): boolean {
  const asked = method.toUpperCase();
  return rule === "*" || rule === asked || (rule === "GET" && asked === "HEAD");
}
