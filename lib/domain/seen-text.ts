/**
 * One rule for every text that people see, whoever wrote it. Two texts that look the same are kept and compared as the
 * same, and none is invisible. Characters of different scripts that resemble each other (UTS #39) stay different.
 */

/**
 * What joins is kept where it changes what is seen: the parts of emoji (UTS #51 §1.4: joined by ZWJ, with a
 * presentation selector, keycaps, flags by tags), ZWNJ within Arabic script (Persian), and ZWNJ and ZWJ after a virama
 * (RFC 5892, Appendix A). Every other default-ignorable character, bidi controls among them, is taken out.
 */
const joinedOrIgnorable =
  /(\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,6}\u{e007f}|\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?(?:\u200d\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?){0,8}|[0-9#*]\ufe0f\u20e3|(?<=(?=\p{scx=Arab})[\p{L}\p{M}])\u200c(?=(?=\p{scx=Arab})\p{L})|(?<=[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca])[\u200c\u200d](?=\p{L}))|\p{Default_Ignorable_Code_Point}/gu;

const ignorable = /\p{Default_Ignorable_Code_Point}/gu;

/** Drawn as nothing although Unicode does not call them ignorable. */
const drawnAsNothing = /[\ufff9-\ufffc\u{1d159}\u{16fe4}]/gu;

/** Drawn as a space, or not to be drawn: control characters, halves of a character, the blank of Braille. */
const drawnAsSpace = /[\s\p{Z}\p{Cc}\p{Cs}\u2800]+/gu;

/** Marks need something to stand on, and more than four on each other reach into other lines. */
const looseMarks = /(^| )\p{M}+/gu;
const piledMarks = /(\p{M}{4})\p{M}+/gu;

const visible = /[\p{L}\p{N}\p{P}\p{S}]/u;

/**
 * A text as it is seen: NFC, one line, single spaces, nothing invisible, at most four combining marks in a row. Empty
 * when nothing can be seen. Idempotent and total.
 */
export function seenText(text: string): string {
  const seen = text
    .replace(/\p{Cs}/gu, " ")
    .replace(drawnAsNothing, "")
    .replace(joinedOrIgnorable, "$1")
    .replace(drawnAsSpace, " ")
    .normalize("NFC")
    .replace(looseMarks, "$1")
    .replace(piledMarks, "$1")
    .replace(/ +/g, " ")
    .trim();
  if (!visible.test(seen)) return "";
  // What was taken out can leave something to take out beside it.
  return seen === text ? seen : seenText(seen);
}

/** What two texts have in common when they are taken for the same: compatibility forms (NFKC) and joiners count alike. */
export function seenKey(text: string): string {
  return seenText(seenText(text).replace(ignorable, "").normalize("NFKC"));
}

/** A name as it is shown: one that was kept before, and of which nothing can be seen, as its code points (`U+200B`). */
export function shownName(name: string): string {
  const seen = seenText(name);
  if (seen !== "" || name === "") return seen;
  const points = [...name].slice(0, 4).map((each) => (each.codePointAt(0) ?? 0).toString(16).toUpperCase());
  return points.map((point) => `U+${point.padStart(4, "0")}`).join(" ");
}

/** What two names of instances have in common when they are taken for the same, whatever their case. */
export function nameKey(name: string): string {
  // Nothing is to be mended in these, and most are.
  if (/^[!-~]+(?: [!-~]+)*$/.test(name)) return name.toLowerCase();
  return seenKey(shownName(name)).toLowerCase();
}

/** True when somebody who sees a name typed what they see. */
export function isTypedName(typed: string, name: string): boolean {
  return seenKey(typed) === seenKey(shownName(name));
}
