/** Longer than any event: what follows is not kept in memory. */
const longestLine = 1_000_000;

/** One line of a file. */
export interface Line {
  /** Without its end; null when it is not UTF-8 or longer than a million bytes. */
  readonly text: string | null;
  /** False for a last line without its end. */
  readonly ended: boolean;
}

const newline = 0x0a;

function decode(parts: readonly Uint8Array[], length: number): string | null {
  if (length > longestLine) return null;
  try {
    // A byte-order mark stays: an export has none.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(parts));
  } catch {
    return null;
  }
}

/** Cuts a stream of bytes into lines, in memory that does not grow with the file. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let length = 0;
  const add = (part: Uint8Array) => {
    length += part.length;
    if (length <= longestLine) parts.push(part);
    else parts = [];
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      add(chunk.subarray(from, end));
      yield { text: decode(parts, length), ended: true };
      [parts, length, from] = [[], 0, end + 1];
    }
    add(chunk.subarray(from));
  }
  if (length > 0) yield { text: decode(parts, length), ended: false };
}
