import { clientTokenMaxBytes, instanceTokenPattern, isWellFormedClientToken } from "./token-format";

/** What a request presented as its account security token, judged by its form alone. */
export type PresentedToken =
  | { readonly kind: "absent" }
  | { readonly kind: "empty" }
  /** Two or more header lines, or one line that is a list: which of them counts would be a guess. */
  | { readonly kind: "duplicate" }
  /** Over 256 bytes: never hashed. */
  | { readonly kind: "too_long" }
  | { readonly kind: "malformed" }
  /** An unset variable, an unfilled template or a pasted sample. */
  | { readonly kind: "placeholder" }
  /** Has the form of an instance token: the caller sent the wrong credential. */
  | { readonly kind: "instance_token" }
  | { readonly kind: "well_formed"; readonly value: string };

/** Optional white space around a field value is not part of it (RFC 9110 §5.5). */
function trimmed(line: string): string {
  return line.replace(/^[ \t]+|[ \t]+$/g, "");
}

/**
 * Classifies the values of the `Client-Token` header lines. Total. Lines that a server joined with commas
 * mean the same as separate lines (RFC 9110 §5.3) and are classified alike; no token contains a comma.
 *
 * @param lines one entry a header line, one character for each byte
 */
export function classifyPresentedToken(lines: readonly string[]): PresentedToken {
  const [line, ...others] = lines;
  if (line === undefined) return { kind: "absent" };
  if (others.length > 0 || line.includes(",")) return { kind: "duplicate" };
  const value = trimmed(line);
  if (value === "") return { kind: "empty" };
  if (value.length > clientTokenMaxBytes) return { kind: "too_long" };
  if (isWellFormedClientToken(value)) return { kind: "well_formed", value };
  // Before the instance token: words can have its form, a random token is never made of words.
  if (isPlaceholder(value)) return { kind: "placeholder" };
  return { kind: instanceTokenPattern.test(value) ? "instance_token" : "malformed" };
}

/**
 * What stands where a token should be: the text of a variable that is not set (`undefined`), of a template that
 * nobody filled in (`{{token}}`), or of a sample that was pasted as it was (`YOUR_ACCOUNT_TOKEN`).
 */

/** Longer ones before those that they begin with, so that reading on from left to right never has to go back. */
const sampleWords =
  /(?:account|access|actual|and|api|app|authorization|auth|add|bar|change|client|copied|copy|credentials?|dashboard|dummy|empty|enter|environment|env|example|fake|fill|fixme|foo|from|generated|goes|header|here|id|insert|instance|in|is|its?|keys?|latchkey|lkc|me|my|of|paste|password|placeholder|please|put|real|replace|sample|secret|security|set|some|string|tbd|test|the|this|todo|tokens?|to|unset|use|values?|variable|var|with|xx+|yours?|you)(?:[\s_./:|-]+|$|(?=[a-z]))/iy;

/** What a sample begins with that goes on with words of its own. */
const asksToBeReplaced = /^(?:your|my|replace|insert|enter|paste|put|change)[\s_-]/i;

/** What languages write for nothing, and for what is no text. */
const unset =
  /^(?:undefined|null|none|nan|-?infinity|nil|void|unset|empty|missing|n\/a|false|true|\((?:null|none|nil|undefined|unset|empty)\)|dbnull|system\.dbnull|nothing|\[(?:object|class|native code|redacted|filtered|hidden|masked|secret)\b[^\]]*\]|\{\}|\[\]|%!\w\(.*\)|(?:async )?function\b.*|promise\b.*|.*=>.*)$/i;

/** Marks of templates, found anywhere: no token contains one of them. */
const template = /\{\{|\}\}|\$\{|\$\(|#\{|@\{|!\{|<%|%>|\{%|%\}|\[\[|\]\]|\$\$|@@|%\([^)]*\)[sdr]/;

/** All there is: one variable, call or reference, as some language or tool writes it. */
const variable =
  /^=?\s*(?:\$[a-z_][\w.:[\]'"$>()-]*|%{1,2}[a-z_][\w.-]*%{1,2}|%(?:\d\$)?[sdv@]|!\w+!|\{[\w .$:-]*\}|:[a-z_]\w*|@[a-z_/][\w./]*|__\w+__|~\w+~|!(?:ref|getatt|sub)\b.*|(?:process\.env|import\.meta\.env|os\.environ|env|secrets?|vars?)\s*[.[:].*|(?:op|vault|ssm|arn|file|keyring):.*|[a-z_][\w.:]*\s*\(.*\)|[A-Z]\w*_(?:TOKEN|KEY|SECRET))$/i;

/** All there is: something in brackets that asks to be replaced. */
const bracketed = /^(?:<[^<>]*>|\[[a-z_][\w .-]*\]|\([a-z_][\w .-]*\)|«.*»|\u2039.*\u203a)$/i;

/** All there is: a token of which nothing but stars, dots or x is left. */
const masked = /^(?:[*.•…?#_-]+|x{3,}\w{0,8})$/i;

/** What is around a value when more was copied than the value. */
const dressing = [
  /^[\s"'`\\\u00a0\u2018-\u201f\u200b-\u200f\u2060\ufeff]+/,
  /[\s"'`\\;\u00a0\u2018-\u201f\u200b-\u200f\u2060\ufeff]+$/,
  /^(?:-H|--header)\s+/i,
  /^(?:http_|x-)?client[\s_-]?token\s*(?::|=>?)/i,
  /^(?:bearer|basic|token|api-?key|authorization)(?::|=|\s+|$)/i,
  /^lkc_/,
];

function undressed(value: string): string {
  let rest = value;
  // As often as it takes: quotes in a scheme in a header's name. Every turn but the last shortens the text.
  for (let before = ""; before !== rest; ) {
    before = rest;
    for (const part of dressing) rest = rest.replace(part, "");
  }
  return rest;
}

function isSample(text: string): boolean {
  // Read from left to right, never back: the time is bounded by the length.
  sampleWords.lastIndex = 0;
  let at = 0;
  while (at < text.length && sampleWords.test(text)) at = sampleWords.lastIndex;
  return at > 0 && at === text.length;
}

// No Buffer: browsers read this file too, and would get all of Node's.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Bytes of a header as the text that they most likely are. */
function read(value: string): string {
  const utf8 = decoder.decode(Uint8Array.from(value, (byte) => byte.charCodeAt(0)));
  const text = utf8.includes("\ufffd") ? value : utf8;
  try {
    return decodeURIComponent(text).replaceAll("&lt;", "<").replaceAll("&gt;", ">");
  } catch {
    return text;
  }
}

/**
 * True for a value that is no token but an unset variable, an unfilled template or a pasted sample; quotes, a scheme
 * such as `Bearer` and the header's name around it make no difference. Total; its time is bounded by the length,
 * which the caller bounds. A real token in such a dress is none: it is there, only wrapped.
 *
 * @param value one character for each byte, as headers have it; not a well-formed token
 */
export function isPlaceholder(value: string): boolean {
  const whole = read(value).trim();
  const text = undressed(whole);
  if (text === "") return true;
  const patterns = [unset, template, variable, bracketed, masked, asksToBeReplaced];
  return [whole, text].some((each) => patterns.some((pattern) => pattern.test(each)) || isSample(each));
}

/** Tools for which the catalogue says where a value like this comes from, under `preflight.tool`. */
export const placeholderTools = [
  "n8n",
  "zapier",
  "make",
  "postman",
  "insomnia",
  "shell",
  "javascript",
  "python",
  "php",
  "ruby",
  "go",
  "jvm",
  "dotnet",
  "browser",
  "other",
] as const;

type PlaceholderTool = (typeof placeholderTools)[number];

const tools: Readonly<Record<string, PlaceholderTool>> = {
  n8n: "n8n",
  Zapier: "zapier",
  Make: "make",
  Postman: "postman",
  Insomnia: "insomnia",
  curl: "shell",
  Wget: "shell",
  HTTPie: "shell",
  axios: "javascript",
  "node-fetch": "javascript",
  got: "javascript",
  "Node.js": "javascript",
  Deno: "javascript",
  Bun: "javascript",
  "python-requests": "python",
  "python-httpx": "python",
  "python-urllib": "python",
  aiohttp: "python",
  Laravel: "php",
  Guzzle: "php",
  Symfony: "php",
  Ruby: "ruby",
  "Go-http-client": "go",
  okhttp: "jvm",
  Java: "jvm",
  "Apache-HttpClient": "jvm",
  RestSharp: "dotnet",
  Chrome: "browser",
  Edge: "browser",
  Firefox: "browser",
  Safari: "browser",
  Opera: "browser",
  "Samsung Internet": "browser",
  Vivaldi: "browser",
  Browser: "browser",
};

/** The tool that a program belongs to. @param agent its short name, as `agentProduct` gives it */
export function placeholderToolOf(agent: string): PlaceholderTool {
  return Object.hasOwn(tools, agent) ? (tools[agent] ?? "other") : "other";
}
