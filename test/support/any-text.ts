import fc from "fast-check";

/** Any character that there is, and halves of pairs too. `unit: "binary"` says nearly the same, and takes seconds to begin. */
export const codePoint = fc.nat(0x10ffff).map((code) => String.fromCodePoint(code));

/** Any text at all. */
export const anyText = fc.string({ unit: codePoint });
