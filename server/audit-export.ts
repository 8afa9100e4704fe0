import type { AuditBreach, AuditFault } from "@/lib/domain/audit-line";
import type { AuditVerdict, UnprovenReason } from "@/lib/domain/audit-verification";

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

const number = new Intl.NumberFormat("en");
const count = (events: number) => (events === 1 ? "1 event" : `${number.format(events)} events`);

function missing({ expected, missingTo }: AuditBreach): string {
  return missingTo !== null && missingTo > expected
    ? `events ${expected} to ${missingTo} are missing`
    : `event ${expected} is missing`;
}

type Words = (breach: AuditBreach) => string;

const faults: Readonly<Record<AuditFault, Words>> = {
  empty: () => "there is no event in this file.",
  truncated: () => "the file ends in the middle of a record: it was cut off.",
  bad_json: ({ line }) =>
    line === 1
      ? "this is no export in JSON Lines. Give that file as it was downloaded; CSV cannot be checked."
      : "this is no JSON: the record was written over.",
  unknown_form: () => "this is no record of the form that this verifier knows (version 1).",
  reformatted: () =>
    "the record is not written as it was exported: it was edited, or a program saved the file anew. " +
    "Try the file as it was downloaded.",
  edited: ({ found }) => `event ${found} was edited: its content no longer matches its hash.`,
  foreign_account: () => "this record belongs to another account.",
  deleted: (breach) => `${missing(breach)} here: deleted, or moved.`,
  reordered: ({ expected, found }) =>
    `event ${found} stands where event ${expected} belongs: the order was changed.`,
  duplicated: ({ found }) => `event ${found} was there before: it was copied or added.`,
  prev_hash: ({ found }) =>
    `event ${found} does not follow the record before it (prevHash): one of the two was replaced.`,
  rewritten: ({ found }) =>
    `event ${found} is not the one that the kept checkpoint names: the chain was rewritten.`,
  checkpoint_differs: () => "the checkpoint names another event as the last one: the chain was rewritten.",
  bad_signature: () => "the checkpoint's signature is wrong: it was edited or forged.",
  after_end: () => "this record stands after the checkpoint, which ends an export.",
};

const reasons: Readonly<Record<UnprovenReason, string>> = {
  no_checkpoint: "There is no signed checkpoint, so events may have been cut off at the end.",
  no_key:
    "The checkpoint was not checked: give the public key with --key KEY. " +
    "Your Latchkey serves it at /.well-known/latchkey-audit-key.json.",
  other_key: "The checkpoint was signed with another key than the given one",
};

function wholeUpTo(verdict: AuditVerdict): string {
  const { first, last, account } = verdict;
  if (!first || !last) return "No event could be read.";
  const span = `${first.at} to ${last.at}`;
  return `Account ${account}: ${count(last.seq)}, ${span}, each following from the one before.`;
}

/** A verdict in words, for the person at the terminal. */
export function verdictText(verdict: AuditVerdict): string {
  switch (verdict.result) {
    case "proven": {
      const { at, kid } = verdict.checkpoint;
      return [
        wholeUpTo(verdict),
        `PROVEN: signed at ${at} with the key ${kid}. Nothing was edited, deleted, reordered, added or cut off since.`,
      ].join("\n");
    }
    case "unproven": {
      const kid = verdict.reason === "other_key" ? `: ${verdict.kid}.` : "";
      return [wholeUpTo(verdict), `UNPROVEN: ${reasons[verdict.reason]}${kid}`].join("\n");
    }
    case "broken":
      return brokenText(verdict, verdict.breach);
  }
}

function brokenText(verdict: AuditVerdict, breach: AuditBreach): string {
  const before = verdict.last?.seq ?? 0;
  const words = faults[breach.fault](breach);
  return [
    `BROKEN at line ${breach.line}: ${words}`,
    before > 1 ? `The ${count(before)} before it follow one from the other.` : "",
  ]
    .filter(Boolean)
    .join("\n");
}
