/** A copy that does not keep alive the longer text it was cut from, as the engine's substrings do. */
export function ownCopy(text: string): string {
  return Buffer.from(text).toString();
}
