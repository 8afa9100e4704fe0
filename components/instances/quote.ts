/** A POSIX shell word: everything between single quotes is literal, so only the quote itself is special. */
export function quoteShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * A JSON string, which is also a JavaScript and a Python string literal. The two separators that old
 * JavaScript ended a line at are escaped.
 */
export function quoteJson(text: string): string {
  return JSON.stringify(text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

/** A PHP single-quoted string: no variable is expanded; backslash and quote are escaped. */
export function quotePhp(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
