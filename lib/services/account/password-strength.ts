import { type OptionsType, ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary } from "@zxcvbn-ts/language-common";

/** What must remain once the user's own words and repetition are taken out, in characters. */
const remainderMin = 8;

/** Guesses an attacker who knows common passwords, words and keyboard walks needs at least, as a power of ten. */
const guessesMin = 10;

/** So much of a password is estimated: the time grows with its square. */
const estimatedLength = 48;

const wordMin = 4;

/** Sayings that a dictionary of single words takes for four unrelated ones, without spaces. */
const sayings: ReadonlySet<string> = new Set([
  "correcthorsebatterystaple",
  "thequickbrownfoxjumpsoverthelazydog",
]);

let estimator: ZxcvbnFactory | undefined;

/** Made on first use: its dictionaries take a while to build. */
function estimate(password: string): number {
  const options: OptionsType = {
    dictionary,
    graphs: adjacencyGraphs,
    maxLength: estimatedLength,
    l33tMaxSubstitutions: 8,
  };
  estimator ??= new ZxcvbnFactory(options);
  return estimator.check(password.slice(0, estimatedLength), ["latchkey"]).guessesLog10;
}

/** `abcabcabcabcabc` says no more than `abc`, and `aaaa` no more than `a`. */
function withoutRepeats(text: string): string {
  const shorter = text.replace(/(.+?)\1+/gsu, "$1");
  return shorter === text ? text : withoutRepeats(shorter);
}

function words(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length >= wordMin);
}

/**
 * True for a password an attacker tries early: common ones, keyboard walks, dates and repetition, the user's own
 * names, or a mixture of these, with too little besides. For the server only: its dictionaries are large.
 *
 * @param about texts that belong to the user: account name, e-mail address
 */
export function isCommonPassword(password: string, about: readonly string[]): boolean {
  const own = [...about.flatMap(words), "latchkey"].sort((a, b) => b.length - a.length);
  let rest = password.normalize("NFC").toLowerCase();
  if (sayings.has(rest.replace(/[^a-z]+/g, ""))) return true;
  for (const word of own) rest = rest.replaceAll(word, "");
  const bare = withoutRepeats(rest.replace(/[\s._-]+/gu, ""));
  if (bare.length < remainderMin || new Set(bare).size < 5) return true;
  return estimate(rest) < guessesMin;
}
