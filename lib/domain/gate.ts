import { timingSafeEqual } from "node:crypto";
import type { AddressList } from "./address-list";
import type { AddressMode } from "./address-mode";
import type { AnswerStyle } from "./answer-style";
import { allowsEndpoint, type EndpointFacts } from "./endpoint";
import { type Enforcement, isEnforced } from "./enforcement";
import type { PresentedToken } from "./presented-token";
import { agentProduct, readUserAgent } from "./user-agent";

/** A token of an account as the gate knows it: by its digest. */
export interface PolicyToken {
  readonly state: "current" | "retiring" | "retired";
  readonly digest: Uint8Array;
  /** When a retiring token stops being accepted; null: until it is retired by hand. */
  readonly retireAt: Date | null;
}

/** The known callers of one instance, by `knownCallerKey`. */
type KnownCallers = ReadonlySet<string>;

/** What a caller is known by at its instance. No address has a space. */
export function knownCallerKey(address: string, agent: string): string {
  return `${address} ${agent}`;
}

/** Everything a decision about one instance depends on. */
export interface InstancePolicy {
  /** What it was looked up by: the instance's id, or one of `policy-key.ts`. */
  readonly key: string;
  readonly instanceId: string;
  readonly accountId: string;
  /** As `packDigest` gives it: there is one for each instance, and a typed array takes four times the memory. */
  readonly tokenDigest: string;
  readonly paused: boolean;
  readonly enforcement: Enforcement;
  /** Whether the token is enforced on this instance, unless it is on all of them or on none. */
  readonly enforced: boolean;
  /** While known callers only get in without the token: until when they do. From then on nobody does. */
  readonly graceUntil: Date | null;
  /** Those of this instance; null: nobody is known. */
  readonly known: KnownCallers | null;
  readonly addressMode: AddressMode;
  readonly addresses: AddressList;
  readonly tokens: readonly PolicyToken[];
  /** Its endpoint rules in one text, from `packEndpointRules`; null while they are not enforced. */
  readonly endpoints: string | null;
  /** null: the built-in echo answers. */
  readonly upstreamUrl: string | null;
  /** The instance's own request headers, still sealed; null means none. */
  readonly headersSealed: string | null;
  /** How long the upstream may take to begin its answer; null: the gate's default. */
  readonly firstByteSeconds: number | null;
  /** The service it is called through; null: it stands alone. */
  readonly serviceId: string | null;
  /** The request headers of its service, the upstream's key above all, still sealed; null means none. */
  readonly serviceHeadersSealed: string | null;
  /** In which words its callers are rejected. */
  readonly answerStyle: AnswerStyle;
  readonly epoch: bigint;
}

/** What came of looking a policy up. `unavailable`: it could not be read, and nothing fresh is held. */
export type PolicyLookup =
  | { readonly kind: "found"; readonly policy: InstancePolicy }
  | { readonly kind: "unknown" }
  | { readonly kind: "unavailable" };

/** One request, reduced to what a decision needs. */
export interface RequestFacts extends EndpointFacts {
  /**
   * Digest of the instance token in the path, or of the credential in its place: under each key that it may be kept under,
   * one after the other. null when the path is not well formed.
   * `by_name`: the request names its instance, and what it was named by has no credential.
   */
  readonly instanceTokenDigest: Uint8Array | "by_name" | null;
  readonly presented: PresentedToken;
  /** Digest of what was presented, under each such key; null unless it is well formed. */
  readonly presentedDigest: Uint8Array | null;
  /** Canonical address; null when it is not known. */
  readonly clientAddress: string | null;
  /** The `User-Agent` header as sent, one character a byte; null without one. Read only where known callers get in. */
  readonly userAgent: string | null;
}

/** A token that is accepted: the account's own, or during a rotation the one before it. */
export type LiveToken = "current" | "retiring";

/** What the presented token is worth. Everything that is not live is rejected where the token is enforced. */
export type TokenVerdict =
  | LiveToken
  | "missing"
  | "malformed"
  | "unknown"
  | "retired"
  | "instance_token"
  | "duplicate"
  | "placeholder";

/** Why a request was not let through: the `latchkey-reason` header. */
export type DenialReason =
  | "invalid_path"
  | "unknown_instance"
  | "instance_paused"
  | "address"
  | Exclude<TokenVerdict, LiveToken>
  | "endpoint"
  | "policy_unavailable";

/** A rejection: an expected outcome, so a value. The body is sent exactly as it is here. */
export interface Denial {
  readonly kind: "deny";
  readonly status: 400 | 403 | 404 | 503;
  readonly body: { readonly error: string };
  readonly reason: DenialReason;
  /** What the presented token is worth; null when the decision did not come to it. */
  readonly token: TokenVerdict | null;
}

/** Let through. The verdicts say what enforcement would have done, for the preflight. */
interface Allowance {
  readonly kind: "allow";
  readonly policy: InstancePolicy;
  readonly token: TokenVerdict;
  readonly addressListed: boolean;
  /** It brought the credential of its instance, or a live token: what is stored for the upstream may go with it. */
  readonly proven: boolean;
}

/** The outcome of `decide`. */
export type Decision = Allowance | Denial;

const digestBytes = 32;
const nothing = new Uint8Array(digestBytes);

/**
 * Whether a kept digest is among those of what was presented, in constant time; false for a missing digest or one of the
 * wrong length, after equal work.
 *
 * @param given one after the other, where there are several keys
 */
function sameDigest(given: Uint8Array | null | undefined, kept: Uint8Array | null | undefined): boolean {
  if (given && given.length > digestBytes && given.length % digestBytes === 0) {
    let found = false;
    for (let at = 0; at < given.length; at += digestBytes)
      found = sameDigest(given.subarray(at, at + digestBytes), kept) || found;
    return found;
  }
  const usable = given?.length === digestBytes && kept?.length === digestBytes;
  return timingSafeEqual(usable ? given : nothing, usable ? kept : nothing) && usable;
}

/** The bytes of a digest as as many characters. */
export function packDigest(digest: Uint8Array): string {
  return Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength).toString("latin1");
}

const room = Buffer.alloc(digestBytes);
const blank = packDigest(nothing);

/** The bytes of a packed digest, until the next is unpacked; null, after equal work, for one of another length. */
function unpackDigest(packed: string | undefined): Uint8Array | null {
  const usable = packed?.length === digestBytes;
  room.write(usable ? packed : blank, "latin1");
  return usable ? room : null;
}

function deny(
  status: Denial["status"],
  error: string,
  reason: DenialReason,
  token: TokenVerdict | null = null,
): Denial {
  return { kind: "deny", status, body: { error }, reason, token };
}

/** Judges a well-formed token. Both live tokens are always compared, so that time tells nothing. */
function judgeDigest(digest: Uint8Array | null, tokens: readonly PolicyToken[], now: Date): TokenVerdict {
  const current = tokens.find((token) => token.state === "current");
  const retiring = tokens.find((token) => token.state === "retiring");
  const isCurrent = sameDigest(digest, current?.digest);
  const isRetiring = sameDigest(digest, retiring?.digest);
  const retiringIsLive = retiring !== undefined && (retiring.retireAt === null || now < retiring.retireAt);
  if (isCurrent) return "current";
  if (isRetiring && retiringIsLive) return "retiring";
  const wasOurs = tokens.filter((token) => token.state !== "current" && sameDigest(digest, token.digest));
  return wasOurs.length > 0 ? "retired" : "unknown";
}

function judgeToken(facts: RequestFacts, policy: InstancePolicy, now: Date): TokenVerdict {
  switch (facts.presented.kind) {
    case "absent":
    case "empty":
      return "missing";
    case "too_long":
    case "malformed":
      return "malformed";
    case "duplicate":
    case "instance_token":
    case "placeholder":
      return facts.presented.kind;
    case "well_formed":
      return judgeDigest(facts.presentedDigest, policy.tokens, now);
  }
}

/**
 * Whether a request may come without the token because its caller is known. Who has no address is nobody that could be
 * known. Only requests without a live token come to this, so no other pays for reading the program's name.
 */
function isInGrace(facts: RequestFacts, policy: InstancePolicy, now: Date): boolean {
  const { enforcement, enforced, graceUntil, known } = policy;
  if (enforcement !== "grace" || enforced || graceUntil === null || known === null) return false;
  if (now >= graceUntil || facts.clientAddress === null) return false;
  const agent = agentProduct(readUserAgent(facts.userAgent ?? ""));
  return known.has(knownCallerKey(facts.clientAddress, agent));
}

/**
 * The decision: may this request pass? Pure, synchronous and total: no I/O, no clock, no exception. The
 * checks run in the order of the wire contract, and the first that fails answers.
 *
 * @param now the moment of the request; decides whether a retiring token is still live, and whether known callers still
 *   get in without one
 */
export function decide(facts: RequestFacts, lookup: PolicyLookup, now: Date): Decision {
  if (facts.instanceTokenDigest === null) return deny(400, "Invalid path", "invalid_path");
  if (lookup.kind === "unavailable") return deny(503, "Policy unavailable", "policy_unavailable");

  // An unknown instance costs one comparison too, so that it cannot be told from a wrong token.
  const policy = lookup.kind === "found" ? lookup.policy : null;
  const { instanceTokenDigest: credential } = facts;
  const byName = credential === "by_name";
  const known = byName || sameDigest(credential, unpackDigest(policy?.tokenDigest));
  if (policy === null || !known) return deny(404, "Instance not found", "unknown_instance");

  if (policy.paused) return deny(403, "Instance paused", "instance_paused");

  const addressListed = facts.clientAddress !== null && policy.addresses.includes(facts.clientAddress);
  if (policy.addressMode === "enforce" && !addressListed)
    return deny(403, `${facts.clientAddress ?? "unknown address"} not allowed`, "address");

  const token = judgeToken(facts, policy, now);
  const isLive = token === "current" || token === "retiring";
  const isDemanded = policy.enforcement === "grace" || isEnforced(policy.enforcement, policy.enforced);
  if (isDemanded && !isLive && !isInGrace(facts, policy, now)) {
    if (token === "missing") return deny(403, "null not allowed", "missing", token);
    return deny(403, "Client-Token not allowed", token, token);
  }
  // Last, so that only who would be let in learns which endpoints there are, and rejections name callers that worked.
  if (policy.endpoints !== null && !allowsEndpoint(policy.endpoints, facts))
    return deny(403, "Endpoint not allowed", "endpoint", token);
  return { kind: "allow", policy, token, addressListed, proven: !byName || isLive };
}

/**
 * The last decision of a connection, because the next request is mostly like it. Deciding is pure, so the same
 * digests, address and policy give the same again, unless a token or the grace of known callers may have ended meanwhile.
 * While somebody is known, or endpoint rules are enforced, nothing is remembered, so programs and paths need not be compared.
 * Facts, policies and their tokens count as the same when they are the same objects.
 */
export class DecisionMemo {
  #facts: RequestFacts | null = null;
  #policy: InstancePolicy | null = null;
  #tokens: readonly PolicyToken[] | undefined;
  #decision: Decision | null = null;

  /** As `decide` with the policy that was found, or null for an unknown instance. */
  decide(facts: RequestFacts, policy: InstancePolicy | null, now: Date): Decision {
    const last = this.#facts;
    if (
      this.#decision !== null &&
      policy === this.#policy &&
      policy?.tokens === this.#tokens &&
      facts.instanceTokenDigest === last?.instanceTokenDigest &&
      facts.presented === last.presented &&
      facts.clientAddress === last.clientAddress
    )
      return this.#decision;
    const decision = decide(facts, policy ? { kind: "found", policy } : { kind: "unknown" }, now);
    const retires = policy?.tokens.some(({ state, retireAt }) => state === "retiring" && retireAt !== null);
    const isOfThis = policy !== null && (policy.known !== null || policy.endpoints !== null);
    this.#facts = facts;
    this.#policy = policy;
    this.#tokens = policy?.tokens;
    this.#decision = retires || isOfThis ? null : decision;
    return decision;
  }
}
