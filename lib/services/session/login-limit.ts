import { createHash } from "node:crypto";
import ipaddr from "ipaddr.js";
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { pool } from "@/lib/db/pool";
import { Refusal } from "@/lib/domain/errors";

/** Tries in a window. Only failed ones stay counted. What aims at one person counts apart for whoever is known to be them. */
export const loginLimits = {
  email: { points: 10, duration: 15 * 60 },
  address: { points: 60, duration: 15 * 60 },
  secondStep: { points: 30, duration: 24 * 60 * 60 },
  /** Passwords, and codes besides, of one live session. */
  proof: { points: 10, duration: 15 * 60 },
  proofCode: { points: 30, duration: 24 * 60 * 60 },
  proofPasskey: { points: 60, duration: 15 * 60 },
  /** Devices from which somebody has set a new password by mail; nothing is counted. */
  mailbox: { points: 1, duration: 60 * 60 },
  /** Mails of one kind that somebody can be made to get, and links that one client address can ask for or try. */
  mail: { points: 5, duration: 60 * 60 },
  links: { points: 60, duration: 60 * 60 },
  invitation: { points: 100, duration: 60 * 60 },
  registration: { points: 100, duration: 60 * 60 },
  /** Events of the trail that say a limit has stopped somebody's sign-in. */
  refusal: { points: 1, duration: 15 * 60 },
} as const;

type LimitName = keyof typeof loginLimits;

const limiters = new Map<LimitName, RateLimiterPostgres>();

function limiter(name: LimitName): RateLimiterPostgres {
  let made = limiters.get(name);
  if (!made) {
    made = new RateLimiterPostgres({
      ...loginLimits[name],
      storeClient: pool(),
      storeType: "pool",
      tableName: "login_limit",
      tableCreated: true,
      keyPrefix: name,
    });
    limiters.set(name, made);
  }
  return made;
}

/** Keys have one length whatever was typed, and the table holds no addresses to read. */
function keyOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

/** An IPv6 customer holds a whole /64 (RFC 6177), so that is what counts as one address. */
export function addressGroup(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed.kind() === "ipv4" ? parsed.toString() : parsed.toByteArray().slice(0, 8).join(".");
}

/** Counts one try. Any failure of the store is passed on: a limiter that cannot count lets nobody in. */
async function consume(name: LimitName, key: string): Promise<void> {
  try {
    await limiter(name).consume(keyOf(key));
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    throw new Refusal("limited", { retryAfter: Math.max(1, Math.ceil(error.msBeforeNext / 1000)) });
  }
}

/** Whose tries are counted together. Neither addresses nor ids hold a line feed. */
const aimedAt = (whom: string, apart: string | null) => (apart === null ? whom : `${whom}\n${apart}`);

/**
 * Counts a password try before it is checked, for the address and for the account it aims at.
 *
 * @param apart what vouches for this try being its user's own, as `knownDevice` says. Its tries are counted apart
 *   from everyone else's, so that strangers who guess cannot shut the user out
 * @throws Refusal `limited` with the seconds to wait
 */
export async function limitLogin(email: string, address: string, apart: string | null = null): Promise<void> {
  await consume("address", addressGroup(address));
  await consume("email", aimedAt(email, apart));
}

/** A right password: its tries start anew; the address gets back only this one try. */
export async function settleLogin(email: string, address: string, apart: string | null): Promise<void> {
  await limiter("email").delete(keyOf(aimedAt(email, apart)));
  await limiter("address").reward(keyOf(addressGroup(address)), 1);
}

/**
 * Counts a code of an authenticator app before it is checked: with the tries of the account and the address, and
 * for a day with the codes for this person. Who knows the password gets 30 codes a day, not 10 every quarter of an
 * hour. Those of strangers, and of each known device, are days of their own.
 *
 * @throws Refusal `limited` with the seconds to wait
 */
export async function limitSecondStep(
  { userId, email }: { userId: string; email: string },
  address: string,
  apart: string | null = null,
): Promise<void> {
  await limitLogin(email, address, apart);
  await consume("secondStep", aimedAt(userId, apart));
}

/** A right code: the account starts anew; the address gets back this try and that of the password. */
export async function settleSecondStep(
  { userId, email }: { userId: string; email: string },
  address: string,
  apart: string | null = null,
): Promise<void> {
  await limiter("secondStep").delete(keyOf(aimedAt(userId, apart)));
  await settleLogin(email, address, apart);
  await limiter("address").reward(keyOf(addressGroup(address)), 1);
}

/**
 * Counts what nobody guesses, a passkey's signature or a recovery code, before it is checked: by client address
 * alone, for the work it makes.
 *
 * @throws Refusal `limited` with the seconds to wait
 */
export function limitUnguessable(address: string): Promise<void> {
  return consume("address", addressGroup(address));
}

/** It was right: the address gets this try back. */
export async function settleUnguessable(address: string): Promise<void> {
  await limiter("address").reward(keyOf(addressGroup(address)), 1);
}

/** What is brought to a proof: a code of an app can be guessed, the others besides it cannot. */
type ProofTry = "password" | "code" | "passkey";

/**
 * Counts a proof in a live session before it is checked. It counts for this session alone: neither strangers, nor
 * neighbours at the same address, nor another session of the same person keep anybody from their own brakes.
 *
 * @throws Refusal `limited` with the seconds to wait
 */
export async function limitProof(sessionId: string, brought: ProofTry): Promise<void> {
  if (brought === "passkey") return consume("proofPasskey", sessionId);
  await consume("proof", sessionId);
  if (brought === "code") await consume("proofCode", sessionId);
}

/** A right proof: the session's tries of all kinds start anew. */
export async function settleProof(sessionId: string): Promise<void> {
  for (const name of ["proof", "proofCode", "proofPasskey"] as const) {
    await limiter(name).delete(keyOf(sessionId));
  }
}

/** Remembers for an hour that whoever has just set a user's password by mail did it on this device. */
export async function rememberMailboxProof(userId: string, device: string): Promise<void> {
  const { points, duration } = loginLimits.mailbox;
  await limiter("mailbox").set(keyOf(aimedAt(userId, device)), points, duration);
}

/** True when `rememberMailboxProof` was called for this user and device within the hour. */
export async function hasMailboxProof(userId: string, device: string): Promise<boolean> {
  return (await limiter("mailbox").get(keyOf(aimedAt(userId, device)))) !== null;
}

/**
 * Counts a registration.
 *
 * @throws Refusal `limited` with the seconds to wait
 */
export function limitRegistration(address: string): Promise<void> {
  return consume("registration", addressGroup(address));
}

/** For what a mail is asked. Each counts apart, so that a stranger who asks for resets uses up nothing else. */
type MailReason = "reset" | "verify" | "change" | "change_to";

const mailKey = (reason: MailReason, whom: string) => `${reason}\n${whom}`;

/**
 * Counts a mail that someone signed in asks for.
 *
 * @param whom the person who asks, by id, or the address that it goes to
 * @throws Refusal `limited` with the seconds to wait
 */
export function limitMail(reason: MailReason, whom: string): Promise<void> {
  return consume("mail", mailKey(reason, whom));
}

/** Counts one try; false when it is one too many. */
async function isWithin(name: LimitName, key: string): Promise<boolean> {
  try {
    await consume(name, key);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/** The same for resets, where nobody must learn whether the address is known: true when it got too many. */
export async function isResetLimited(email: string): Promise<boolean> {
  return !(await isWithin("mail", mailKey("reset", email)));
}

/** True once in a quarter of an hour: that a limit stops sign-ins of this user goes into the trail. */
export function isNewsOfLimit(userId: string): Promise<boolean> {
  return isWithin("refusal", userId);
}

/**
 * Counts a link that is asked for or tried from a client address.
 *
 * @throws Refusal `limited` with the seconds to wait
 */
export function limitLinks(address: string): Promise<void> {
  return consume("links", addressGroup(address));
}

/**
 * Counts an invitation that is sent or sent again, so that no account becomes a way to fill mailboxes.
 *
 * @throws Refusal `limited` with the seconds to wait
 */
export function limitInvitation(accountId: string): Promise<void> {
  return consume("invitation", accountId);
}
