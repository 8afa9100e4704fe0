import { digestOf, genesisHash } from "./audit-chain";
import {
  type AuditKey,
  checkpointOf,
  isSignedBy,
  type SignedCheckpoint,
  signedText,
} from "./audit-checkpoint";
import { type AuditBreach, type AuditFault, type AuditLine, lookAhead, parseLine } from "./audit-line";

/** An event that the chain was whole up to. */
interface AuditPlace {
  readonly seq: number;
  readonly hash: string;
  readonly at: string;
}

interface Seen {
  readonly account: string | null;
  readonly first: AuditPlace | null;
  /** The newest event up to which everything is whole. */
  readonly last: AuditPlace | null;
}

/** Why nobody can tell whether events were cut off the end. */
type UnprovenReason = "no_checkpoint" | "no_key" | "other_key";

/** What a chain is found to be. */
export type AuditVerdict = Seen &
  (
    | { readonly result: "broken"; readonly breach: AuditBreach }
    | { readonly result: "unproven"; readonly reason: UnprovenReason; readonly kid: string | null }
    | { readonly result: "proven"; readonly checkpoint: SignedCheckpoint }
  );

/** What became of looking through the stored chain of an account. */
export type ChainCheck =
  | { readonly whole: true; readonly events: number }
  | { readonly whole: false; readonly breach: AuditBreach };

/** What is known besides the chain itself. */
export interface AuditKnowledge {
  /** Keys that a checkpoint may be signed with. */
  readonly keys?: readonly AuditKey[];
  /** A checkpoint kept from earlier: the chain must still pass through it. */
  readonly kept?: Pick<SignedCheckpoint, "account" | "seq" | "hash">;
}

/** Reads the lines of an export one by one, in memory that does not grow, and finds the first broken record. */
export class AuditVerification {
  readonly #knowledge: AuditKnowledge;
  #lines = 0;
  #account: string | null = null;
  #first: AuditPlace | null = null;
  #last: AuditPlace | null = null;
  #checkpoint: SignedCheckpoint | null = null;
  #breach: AuditBreach | null = null;

  constructor(knowledge: AuditKnowledge = {}) {
    this.#knowledge = knowledge;
  }

  /**
   * Takes the next line.
   *
   * @param text without the line's end; null when it is not UTF-8 or longer than any event
   * @param ended false for a last line without its end
   */
  take(text: string | null, ended = true): void {
    this.#lines += 1;
    if (this.#breach) {
      this.#breach = lookAhead(this.#breach, this.#account, text);
      return;
    }
    const parsed = parseLine(text, ended);
    if (typeof parsed === "string") {
      this.#break(parsed);
      return;
    }
    const { type, seq } = parsed;
    const fault = type === "checkpoint" ? this.#close(parsed) : this.#follow(parsed);
    // A checkpoint names the last event before it; an event has its own number.
    const missingTo = fault !== "deleted" ? null : type === "checkpoint" ? seq : seq - 1;
    if (fault) this.#break(fault, seq, missingTo);
  }

  /** The verdict on everything taken. */
  end(): AuditVerdict {
    if (!this.#breach) this.#judgeEnd();
    const seen: Seen = { account: this.#account, first: this.#first, last: this.#last };
    if (this.#breach) return { ...seen, result: "broken", breach: this.#breach };
    const checkpoint = this.#checkpoint;
    const unproven = (reason: UnprovenReason) =>
      ({ ...seen, result: "unproven", reason, kid: checkpoint?.kid ?? null }) as const;
    if (!checkpoint) return unproven("no_checkpoint");
    const { keys = [] } = this.#knowledge;
    if (keys.length === 0) return unproven("no_key");
    if (!keys.some(({ kid }) => kid === checkpoint.kid)) return unproven("other_key");
    return { ...seen, result: "proven", checkpoint };
  }

  get #expected(): number {
    return (this.#last?.seq ?? 0) + 1;
  }

  #break(fault: AuditFault, found: number | null = null, missingTo: number | null = null): void {
    this.#breach = { line: this.#lines, fault, expected: this.#expected, found, missingTo };
  }

  /** The next event, or what is wrong with it. */
  #follow(record: AuditLine): AuditFault | null {
    if (this.#checkpoint) return "after_end";
    const { hash, ...rest } = record;
    if (digestOf(rest) !== hash) return "edited";
    if (this.#account !== null && record.account !== this.#account) return "foreign_account";
    if (record.seq > this.#expected) return "deleted";
    if (record.seq < this.#expected) return "duplicated";
    if (record.prevHash !== (this.#last?.hash ?? genesisHash)) return "prev_hash";
    const { kept } = this.#knowledge;
    if (kept?.account !== undefined && kept.account !== record.account) return "foreign_account";
    if (kept?.seq === record.seq && kept.hash !== hash) return "rewritten";
    this.#account = record.account;
    this.#last = { seq: record.seq, hash, at: record.at };
    this.#first ??= this.#last;
    return null;
  }

  /** The checkpoint, or what is wrong with it. */
  #close(record: AuditLine): AuditFault | null {
    if (this.#checkpoint) return "after_end";
    const checkpoint = checkpointOf(record);
    if (!checkpoint) return "unknown_form";
    const key = this.#knowledge.keys?.find(({ kid }) => kid === checkpoint.kid);
    if (key && !isSignedBy(key, signedText(checkpoint), checkpoint.signature)) return "bad_signature";
    if (this.#account !== null && checkpoint.account !== this.#account) return "foreign_account";
    const seq = this.#last?.seq ?? 0;
    if (checkpoint.seq > seq) return "deleted";
    if (checkpoint.seq < seq || checkpoint.hash !== this.#last?.hash) return "checkpoint_differs";
    this.#checkpoint = checkpoint;
    return null;
  }

  #judgeEnd(): void {
    this.#lines += 1;
    const seq = this.#last?.seq ?? 0;
    const kept = this.#knowledge.kept?.seq ?? 0;
    if (seq === 0) this.#break("empty");
    else if (kept > seq) this.#break("deleted", null, kept);
  }
}
