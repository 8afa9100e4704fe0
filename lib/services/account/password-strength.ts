import { commonPhrases, commonWords, walks } from "./common-passwords";

/** Characters that must remain once everything guessable is taken out. */
const remainderMin = 8;

const stretchMin = 4;

const reverse = (text: string): string => [...text].reverse().join("");
const bothWays = walks.flatMap((walk) => [walk, reverse(walk)]);

/** Length of the keyboard walk or sequence that starts here; 0 when shorter than a stretch. */
function walkLength(text: string): number {
  let best = 0;
  for (const walk of bothWays) {
    let length = stretchMin;
    while (length <= text.length && walk.includes(text.slice(0, length))) best = Math.max(best, length++);
  }
  return best;
}

function withoutWalks(text: string): string {
  let rest = "";
  for (let i = 0; i < text.length; ) {
    const length = walkLength(text.slice(i));
    if (length === 0) rest += text.charAt(i++);
    else i += length;
  }
  return rest;
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
    .filter((word) => word.length >= stretchMin);
}

/**
 * True for a password an attacker tries early: common words, the user's own names, keyboard walks, dates and
 * repetition, or a mixture of these, with too little besides.
 *
 * @param about texts that belong to the user: account name, e-mail address
 */
export function isCommonPassword(password: string, about: readonly string[]): boolean {
  const own = about.flatMap(words).sort((a, b) => b.length - a.length);
  let rest = password
    .normalize("NFC")
    .toLowerCase()
    .replace(/[\s._-]+/gu, "");
  if (commonPhrases.has(rest)) return true;
  for (const word of [...own, ...commonWords]) rest = rest.replaceAll(word, "");
  rest = withoutRepeats(withoutWalks(rest)).replace(/(19|20)\d\d/g, "");
  return rest.length < remainderMin || new Set(rest).size < 5;
}
