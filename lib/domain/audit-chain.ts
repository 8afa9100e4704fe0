import { createHash } from "node:crypto";
import type { AuditDetails } from "./audit-event";
import { canonicalJson, type Json } from "./canonical-json";

/**
 * One event as it is chained, exported and hashed. The form is fixed: another one gets another `v`. All text
 * is well-formed Unicode, all numbers are whole, so that every language writes the same bytes.
 */
export interface ChainedEvent {
  readonly type: "event";
  readonly v: 1;
  /** Id of the account: no event can be moved into another account's chain. */
  readonly account: string;
  /** 1, 2, 3 … within the account. */
  readonly seq: number;
  /** ISO 8601 in UTC with milliseconds. */
  readonly at: string;
  readonly action: string;
  /** The actor's e-mail address at that time; empty when nobody is known. */
  readonly actor: string;
  readonly actorId: string | null;
  readonly targetType: string | null;
  readonly targetId: string | null;
  readonly target: string | null;
  readonly address: string;
  readonly userAgent: string;
  readonly details: AuditDetails;
  /** The hash of the event before; `genesisHash` for the first. */
  readonly prevHash: string;
}

/** An event with its own hash: one line of an export. */
export interface HashedEvent extends ChainedEvent {
  readonly hash: string;
}

/** What the first event of every account follows. */
export const genesisHash = "0".repeat(64);

/** SHA-256 of a value's canonical JSON (RFC 8785), as 64 small hexadecimal digits. */
export function digestOf(value: Json): string {
  return createHash("sha256").update(canonicalJson(value), "utf8").digest("hex");
}

/** The hash of an event: of all its members but the hash itself. */
export function hashOf(event: ChainedEvent): string {
  return digestOf(plain(event));
}

/** The event as one line of an export, without the line's end. Canonical, so that a line has one form only. */
export function lineOf(event: HashedEvent): string {
  return canonicalJson({ ...plain(event), hash: event.hash });
}

/** Exactly the members of the form, in case there are more. */
function plain(event: ChainedEvent): Record<string, Json> {
  const { type, v, account, seq, at, action, actor, actorId, targetType, targetId, target } = event;
  const { address, userAgent, details, prevHash } = event;
  return {
    ...{ type, v, account, seq, at, action, actor, actorId, targetType, targetId, target },
    ...{ address, userAgent, details: checked(details), prevHash },
  };
}

/** @throws TypeError for a number that other languages, or the database, may write differently */
function checked(details: AuditDetails): AuditDetails {
  for (const [key, value] of Object.entries(details)) {
    if (typeof value === "number" && !Number.isSafeInteger(value)) {
      throw new TypeError(`audit details: ${key} must be a whole number`);
    }
  }
  return details;
}

// NUL, which PostgreSQL cannot hold, and halves of a character, which UTF-8 cannot.
const unstorable = /[\0\p{Cs}]/gu;

/** Text as the database gives it back: what it cannot hold is replaced by U+FFFD. */
export function storableText(text: string): string {
  return text.replace(unstorable, "\ufffd");
}

/** Details as the database gives them back. */
export function storableDetails(details: AuditDetails): AuditDetails {
  return Object.fromEntries(
    Object.entries(details).map(([key, value]) => [
      storableText(key),
      typeof value === "string" ? storableText(value) : Object.is(value, -0) ? 0 : value,
    ]),
  );
}
