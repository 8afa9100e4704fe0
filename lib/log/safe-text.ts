/**
 * Characters that end a line or steer a terminal for somebody who reads the log: C0 and C1 controls (ANSI escapes,
 * NEL, VT and FF among them), the line and paragraph separators, and marks that turn the direction of writing.
 */
const unsafe = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|[\ud800-\udfff]/gu;

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** Writes what could end a line or steer a terminal as `\uXXXX`. In a JSON text that changes no value. */
export function escapeControls(text: string): string {
  return text.replace(unsafe, escaped);
}

const hidden = "[redacted]";

type Rule = readonly [RegExp, string];

/** Secrets known by their form. A slash may be percent-encoded. None matches a quotation mark: JSON stays JSON. */
const byForm: readonly Rule[] = [
  // An instance token in a path.
  [/((?:\/|%(?:25)*2f)token(?:\/|%(?:25)*2f))(?:(?!%(?:25)*2f)[^/\s?#"'\\&])+/gi, `$1${hidden}`],
  // Account security tokens and API keys, cut off ones too.
  [/\blk[ac]_[0-9A-Za-z]+/g, hidden],
  // User and password in a URL.
  [/(:(?:\/|%(?:25)*2f){2})[^\s/"'\\@]*@/gi, `$1${hidden}@`],
  [/\b(Basic|Bearer|Digest|Negotiate)\s+[\w+/=.~-]+/gi, `$1 ${hidden}`],
  // Signed or encrypted JSON (RFC 7519), with which sessions are written.
  [/\beyJ[\w-]{8,}(?:\.[\w-]*)*/g, hidden],
  // Cookies of ours and of next-auth, whatever stands around them.
  [/((?:__Host-|__Secure-)?(?:latchkey|next-auth)\.[\w.-]+(?:=|%3d))[^\s;,"'\\]+/gi, `$1${hidden}`],
];

/** Secrets known by the name before them; a quotation mark may be escaped. */
const byName: readonly Rule[] = [
  // Header fields that carry nothing but secrets, to the end of what stands there as one value.
  [
    /((?:client-token|(?:set-)?cookie|(?:proxy-)?authorization|x-api-key)(?:\\?["'])?\s*[:=,]\s*(?:\\?["'])?)(?!\[redacted)[^"'\\,\s][^"'\\,]*/gi,
    `$1${hidden}`,
  ],
  // Fields by name, in a query, a form or JSON.
  [
    /((?:password|passwd|passphrase|secret|api[_-]?key|access_token|id_token|csrfToken)(?:\\?["'])?\s*(?:[:=]|%3d)\s*(?:\\?["'])?)(?!\[redacted)[^"'\\\s&,;}]+/gi,
    `$1${hidden}`,
  ],
];

const without = (text: string, rules: readonly Rule[]) =>
  rules.reduce((left, [pattern, instead]) => left.replace(pattern, instead), text);

/** Leaves secrets out of a line of JSON. */
export function redactLine(line: string): string {
  return without(line, byForm);
}

/** Leaves secrets out of a text in no known form: also what stands after a telling name. */
export function redactText(text: string): string {
  return without(redactLine(text), byName);
}
