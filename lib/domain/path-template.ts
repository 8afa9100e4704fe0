/** Longest template, in characters. */
export const pathTemplateMaxLength = 120;

const mostSegments = 8;
/** Of a path, no more than this is looked at: a template needs no more, and requests pay for each character. */
const lookedAt = 512;
const folded = "{id}";
const cut = "…";

/** `send-text`, `sendText`, `index.html`, `oauth2`: words, with at most three digits and only at the end. */
const words = /^[A-Za-z]{1,20}(?:[-_.][A-Za-z]{1,20}){0,5}\d{0,3}$/;
const version = /^v\d{1,2}(?:\.\d{1,2}){0,2}$/i;
const wordsMaxLength = 40;

/** Random letters change case far more often than camelCase does. */
function looksRandom(segment: string): boolean {
  const capitals = segment.match(/[A-Z]/g)?.length ?? 0;
  const small = segment.match(/[a-z]/g)?.length ?? 0;
  return segment.length >= 8 && capitals > 0 && small > 0 && capitals * 3 > segment.length;
}

/** Whether a segment says what a path is about, not whom: such segments are kept as they are. */
export function isWords(segment: string): boolean {
  if (version.test(segment)) return true;
  return segment.length <= wordsMaxLength && words.test(segment) && !looksRandom(segment);
}

/**
 * What a path is about, without whom it is about: ids, numbers, telephone numbers, addresses and tokens become
 * `{id}`, only segments made of plain words stay. Total; at most 120 characters, no run of four digits.
 *
 * @param rest the path behind the instance token, without a query
 */
export function pathTemplate(rest: string): string {
  const segments = rest
    .slice(0, lookedAt)
    .split("/", mostSegments * 4)
    .filter(Boolean);
  let result = "";
  for (const [index, segment] of segments.entries()) {
    const next = `/${isWords(segment) ? segment : folded}`;
    const full = result.length + next.length + cut.length + 1 > pathTemplateMaxLength;
    if (index === mostSegments || full) return `${result}/${cut}`;
    result += next;
  }
  return result === "" ? "/" : result;
}
