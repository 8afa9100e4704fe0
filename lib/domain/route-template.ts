/*
 * How a service's requests name an instance in their path: `/message/{}/{instance}`, `/waInstance{instance}/{}/{token}`,
 * `/bot{token}/{*}`. A template is matched against the bytes of the path as they were sent. What upstreams may read in
 * another way than we do names nobody, so that the bytes that are judged are the bytes that are forwarded.
 */

/** What a placeholder stands for: the instance, its own credential, or anything. */
type Placeholder = "instance" | "token" | "any";

/**
 * A placeholder. `{instance!a|b}` is a whole segment and none of these words: other routes have them in its place. `{=a|b}`
 * is one of them. All in small letters.
 */
interface Hole {
  readonly placeholder: Placeholder;
  readonly except: readonly string[];
  /** null: whatever it is. */
  readonly only: readonly string[] | null;
}

/** Literals are in small letters. */
type Piece = { readonly literal: string } | Hole;

/** One segment: literals and placeholders in turn, and what is read of them again for every request. */
export interface Segment {
  /** In small letters. */
  readonly text: string;
  readonly pieces: readonly Piece[];
  /** All of it, where it has no placeholder. */
  readonly literal: string | null;
  /** The placeholder that is all of it. */
  readonly whole: Hole | null;
  /** The literals at its ends, and between two placeholders; empty where there is none. */
  readonly before: string;
  readonly after: string;
  readonly between: string;
  readonly holes: readonly Placeholder[];
}

/** A template that was understood. */
export interface RouteTemplate {
  readonly text: string;
  readonly segments: readonly Segment[];
  /** It ends in `{*}`: whatever follows, also nothing. */
  readonly open: boolean;
}

/** Why a text is no template. */
export type TemplateFault =
  | "no_slash"
  | "too_long"
  | "character"
  | "empty_segment"
  | "placeholder"
  | "adjacent"
  | "crowded"
  | "rest_not_last"
  | "named_twice"
  | "words";

/** Longest template, in characters, and most segments of one. */
export const routeTemplateMaxLength = 200;
const mostSegments = 16;

/** Characters that every parser takes for themselves (RFC 3986 §2.3 unreserved, and those with no meaning in a path). */
const plain = /^[A-Za-z0-9\-._~!$'()*+,:=@]*$/;

/** The same, without what has a meaning in a placeholder. */
const plainWord = /^[A-Za-z0-9\-._~$'()*+,:@]*$/;

const placeholders: Readonly<Record<string, Placeholder>> = {
  "": "any",
  instance: "instance",
  token: "token",
};

const isHole = (piece: Piece | undefined): piece is Hole => piece !== undefined && "placeholder" in piece;

function segmentOf(text: string, pieces: readonly Piece[]): Segment {
  const literals = pieces.map((piece) => ("literal" in piece ? piece.literal : ""));
  const [first] = pieces;
  const [start = "", ...more] = literals;
  return {
    text: text.toLowerCase(),
    pieces,
    literal: pieces.some(isHole) ? null : literals.join(""),
    whole: pieces.length === 1 && isHole(first) ? first : null,
    before: start,
    after: more.at(-1) ?? "",
    between: more.slice(0, -1).join(""),
    holes: pieces.filter(isHole).map(({ placeholder }) => placeholder),
  };
}

function parseSegment(text: string): Segment | TemplateFault {
  const pieces: Piece[] = [];
  for (const part of text.split(/(\{[^{}]*\})/).filter(Boolean)) {
    if (!part.startsWith("{")) {
      if (!plain.test(part)) return "character";
      pieces.push({ literal: part.toLowerCase() });
      continue;
    }
    const [, name = "", sign, listed = ""] = /^\{([^!=]*)([!=]?)(.*)\}$/.exec(part) ?? [];
    const placeholder = placeholders[name];
    if (!placeholder) return "placeholder";
    if (isHole(pieces.at(-1))) return "adjacent";
    const words = sign ? listed.toLowerCase().split("|") : [];
    if (words.length > 0 && part !== text) return "words";
    if (words.some((word) => word === "" || !plainWord.test(word))) return "words";
    pieces.push({ placeholder, except: sign === "!" ? words : [], only: sign === "=" ? words : null });
  }
  // Three values with two separators can be cut in several ways too easily.
  if (pieces.filter(isHole).length > 2) return "crowded";
  return segmentOf(text, pieces);
}

/**
 * Understands a template, or says why not. Placeholders are `{instance}`, `{token}`, `{}` for anything, `{=a|b}` for one
 * of some words, `{!a|b}` for anything but them, and `{*}` at the end for whatever follows. They may be parts of a segment; two of
 * them have a literal in between.
 */
export function parseRouteTemplate(text: string): RouteTemplate | TemplateFault {
  if (!text.startsWith("/")) return "no_slash";
  if (text.length > routeTemplateMaxLength) return "too_long";
  const parts = text === "/" ? [] : text.slice(1).split("/");
  if (parts.length > mostSegments) return "too_long";
  const open = parts.at(-1) === "{*}";
  if (open) parts.pop();
  const segments: Segment[] = [];
  for (const part of parts) {
    if (part.includes("{*}")) return "rest_not_last";
    if (part === "") return "empty_segment";
    if (part === "." || part === "..") return "character";
    const parsed = parseSegment(part);
    if (typeof parsed === "string") return parsed;
    segments.push(parsed);
  }
  const all = segments.flatMap(({ holes }) => holes);
  for (const named of ["instance", "token"] as const)
    if (all.filter((placeholder) => placeholder === named).length > 1) return "named_twice";
  return { text, segments, open };
}

/** True when a template names an instance, or its credential. */
export function names(template: RouteTemplate, what: "instance" | "token"): boolean {
  return template.segments.some(({ holes }) => holes.includes(what));
}

/** What a path says by a template. */
interface RouteMatch {
  readonly instance: string | null;
  readonly token: string | null;
}

/** An instance's name has no colon, so that `{instance}` is not `{instance}:{token}`. */
const notInInstance = ":";

/** What lies between two literals, cut at the only place where that can be done; null when there is not exactly one. */
function cutAt(text: string, separator: string): [string, string] | null {
  const at = text.toLowerCase().indexOf(separator);
  if (at < 1 || at + separator.length >= text.length) return null;
  if (text.toLowerCase().indexOf(separator, at + 1) >= 0) return null;
  return [text.slice(0, at), text.slice(at + separator.length)];
}

/** Whether a text is a word, whatever its case. Both are of ASCII, so that length and case have nothing to do with each other. */
const isWord = (text: string, word: string) => text.length === word.length && text.toLowerCase() === word;

/** Only what stands for anything may be spelled in two ways. */
function fillsWhole({ placeholder, except, only }: Hole, text: string): boolean {
  if (placeholder !== "any" && text.includes("%")) return false;
  return !except.some((word) => isWord(text, word)) && (only?.some((word) => isWord(text, word)) ?? true);
}

const noValues: readonly string[] = [];

/** The values of the placeholders of one segment; null when it does not match, or could be cut in two ways. */
export function matchSegment(segment: Segment, text: string): readonly string[] | null {
  const { literal, whole, before, after, between } = segment;
  if (literal !== null) return isWord(text, literal) ? noValues : null;
  if (whole !== null) return fillsWhole(whole, text) ? [text] : null;
  if (text.includes("%") || text.length <= before.length + after.length) return null;
  const lower = text.toLowerCase();
  if (!lower.startsWith(before) || !lower.endsWith(after)) return null;
  const middle = text.slice(before.length, text.length - after.length);
  return between === "" ? [middle] : cutAt(middle, between);
}

/** Without empty and dot segments, which lead elsewhere, and with escapes as they have to be. */
const readInOneWay = /^(?:\/(?!\.{1,2}(?:\/|$))(?:[A-Za-z0-9\-._~!$'()*+,:=@&]|%[0-9A-Fa-f]{2})+)*\/?$/;

/** What must not come as an escape: with it, one text has two spellings, or another structure to a server that decodes early. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what it looks for.
const neverEscaped = /[A-Za-z0-9\-._~/\\%;?#\x00-\x20\x7f]/;

function hasHarmlessEscapes(path: string): boolean {
  if (!path.includes("%")) return true;
  const escaped = path.match(/(?:%[0-9A-Fa-f]{2})+/g) ?? [];
  try {
    return escaped.every((text) => !neverEscaped.test(decodeURIComponent(text)));
  } catch {
    return false;
  }
}

/**
 * A path as segments, if every server reads it in the same way: no empty or dot segments, no parameters, and escapes only
 * of what needs them. null otherwise: such a path names nobody where it is the path that names.
 */
export function plainSegments(path: string): readonly string[] | null {
  if (!readInOneWay.test(path) || !hasHarmlessEscapes(path)) return null;
  const inner = path.slice(1, path.endsWith("/") ? -1 : undefined);
  return inner === "" ? [] : inner.split("/");
}

/**
 * What a path says by a template; null when it does not match. Literals match whatever their case, since many servers
 * route like that; values are given as they were sent. A slash at the end makes no difference, for the same reason.
 *
 * @param segments from `plainSegments`
 */
export function matchRoute(template: RouteTemplate, segments: readonly string[]): RouteMatch | null {
  const wanted = template.segments;
  if (segments.length < wanted.length || (segments.length > wanted.length && !template.open)) return null;
  let [instance, token]: [string | null, string | null] = [null, null];
  for (const [index, segment] of wanted.entries()) {
    const values = matchSegment(segment, segments[index] ?? "");
    if (values === null) return null;
    for (const [place, placeholder] of segment.holes.entries()) {
      if (placeholder === "instance") instance = values[place] ?? null;
      if (placeholder === "token") token = values[place] ?? null;
    }
  }
  if (instance?.includes(notInInstance)) return null;
  return { instance, token };
}

const holeText: Readonly<Record<Placeholder, string>> = {
  any: "{}",
  instance: "{instance}",
  token: "{token}",
};

/** The placeholders of a segment with what stands between them, as paths are remembered. */
export const unnamedMiddle = ({ between, holes }: Segment): string =>
  holes.map((placeholder) => holeText[placeholder]).join(between);

/** A segment with its placeholders in place of what they stand for. */
function unnamed(segment: Segment, text: string): string {
  const { before, after } = segment;
  return text.slice(0, before.length) + unnamedMiddle(segment) + text.slice(text.length - after.length);
}

/**
 * A path that matches a template, without whom it names: `/bot{token}/sendMessage`, `/message/sendText/{instance}`.
 *
 * @param segments those of the path, from `plainSegments`
 */
export function pathAbout(template: RouteTemplate, path: string, segments: readonly string[]): string {
  let about = "";
  for (const [index, text] of segments.entries()) {
    const segment = template.segments[index];
    const isNaming = segment?.holes.some((placeholder) => placeholder !== "any") ?? false;
    about += `/${segment && isNaming ? unnamed(segment, text) : text}`;
  }
  return path.endsWith("/") ? `${about}/` : about;
}

/** A segment as characters and placeholders, each of which is one or more characters. */
type Pattern = readonly (string | { readonly placeholder: Placeholder })[];

function patternOf({ pieces }: Segment): Pattern {
  return pieces.flatMap((piece): Pattern => ("literal" in piece ? [...piece.literal] : [piece]));
}

/** Whether one text can match both patterns. */
function intersects(one: Pattern, other: Pattern): boolean {
  const seen = new Uint8Array(4 * (one.length + 1) * (other.length + 1));
  // What a placeholder has begun may end or go on with each character, so `begun` says whether it has.
  const visit = (i: number, begunI: boolean, j: number, begunJ: boolean): boolean => {
    const state = 4 * (i * (other.length + 1) + j) + 2 * Number(begunI) + Number(begunJ);
    if (seen[state] === 1) return false;
    seen[state] = 1;
    if (begunI && visit(i + 1, false, j, begunJ)) return true;
    if (begunJ && visit(i, begunI, j + 1, false)) return true;
    const [a, b] = [one[i], other[j]];
    if (a === undefined || b === undefined) return a === b;
    const [charA, charB] = [typeof a === "string", typeof b === "string"];
    if (charA && charB) return a === b && visit(i + 1, false, j + 1, false);
    const [hole, char] = charA ? [b, a] : [a, b];
    const isInstance = typeof hole === "object" && hole.placeholder === "instance";
    if ((charA || charB) && isInstance && char === notInInstance) return false;
    return visit(charA ? i + 1 : i, !charA, charB ? j + 1 : j, !charB);
  };
  return visit(0, false, 0, false);
}

/** The words that a segment can be; null for very many. */
const wordsOf = ({ literal, whole }: Segment): readonly string[] | null =>
  literal === null ? (whole?.only ?? null) : [literal];

/** Whether one segment can be of both templates. */
function sharesSegment(a: Segment, b: Segment): boolean {
  const [words, others] = [wordsOf(a), wordsOf(b)];
  const fits = (word: string, segment: Segment) => matchSegment(segment, word) !== null;
  if (words) return words.some((word) => (others ? others.includes(word) : fits(word, b)));
  return others ? others.some((word) => fits(word, a)) : intersects(patternOf(a), patternOf(b));
}

/**
 * True when some path matches both templates, so that it could be understood in two ways. May err on the side of true
 * for two placeholders in one segment, never on the other.
 */
export function overlaps(one: RouteTemplate, other: RouteTemplate): boolean {
  const [short, long] = [one, other].sort((a, b) => a.segments.length - b.segments.length) as [
    RouteTemplate,
    RouteTemplate,
  ];
  if (short.segments.length < long.segments.length && !short.open) return false;
  return short.segments.every((segment, index) => {
    const other = long.segments[index];
    return other === undefined || sharesSegment(segment, other);
  });
}
