/** What makes a credential easy to guess, in words: null when nothing does. */
type TokenWeakness = "token_short" | "token_plain" | "token_named";

/** A credential of fewer characters can be found by trying. */
export const tokenShortBelow = 16;

/** Digits alone need as many to be as hard to find as sixteen letters and digits. */
const digitsShortBelow = 24;
const fewDifferent = 6;

/**
 * What a person should know of a credential that exists already. It is a warning and no wall: whoever gave the credential out is
 * the one who can change it.
 *
 * @param names what everybody may know of the instance: its name, its id
 */
export function tokenWeakness(token: string, names: readonly (string | null)[]): TokenWeakness | null {
  const small = token.toLowerCase();
  const known = names.some((name) => name !== null && name.length > 2 && small.includes(name.toLowerCase()));
  const short = token.length < tokenShortBelow || (/^\d+$/.test(token) && token.length < digitsShortBelow);
  if (known && token.length < 2 * tokenShortBelow) return "token_named";
  if (short) return "token_short";
  return new Set(small).size < fewDifferent ? "token_plain" : null;
}
