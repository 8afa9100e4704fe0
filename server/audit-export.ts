import type { AuditBreach } from "@/lib/domain/audit-line";
import type { AuditVerdict } from "@/lib/domain/audit-verification";
import { words } from "./words";

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
export async function* exportLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
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

/** What broke the chain. */
function faultText({ fault, line, expected, found, missingTo }: AuditBreach): string {
  const count = missingTo !== null && missingTo > expected ? missingTo - expected + 1 : 1;
  const key = fault === "bad_json" && line === 1 ? "no_export" : fault;
  return words(`verify.fault.${key}`, {
    expected: String(expected),
    found: String(found),
    last: String(expected + count - 1),
    count,
  });
}

function wholeUpTo({ first, last, account }: AuditVerdict): string {
  if (!first || !last) return words("verify.nothing");
  return words("verify.whole", { account: account ?? "", count: last.seq, from: first.at, to: last.at });
}

/** A verdict in words, for the person at the terminal. */
export function verdictText(verdict: AuditVerdict): string {
  switch (verdict.result) {
    case "proven": {
      const { at, kid } = verdict.checkpoint;
      return [wholeUpTo(verdict), words("verify.proven", { at, kid })].join("\n");
    }
    case "unproven": {
      const kid = verdict.reason === "other_key" ? verdict.kid : "";
      const reason = words(`verify.reason.${verdict.reason}`, { kid: kid ?? "" });
      return [wholeUpTo(verdict), words("verify.unproven", { reason })].join("\n");
    }
    case "broken": {
      const { breach, last } = verdict;
      const before = last?.seq ?? 0;
      return [
        words("verify.broken", { line: String(breach.line), fault: faultText(breach) }),
        ...(before > 1 ? [words("verify.before", { count: before })] : []),
      ].join("\n");
    }
  }
}
