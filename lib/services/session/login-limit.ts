import { createHash } from "node:crypto";
import ipaddr from "ipaddr.js";
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { pool } from "@/lib/db/pool";
import { Refusal } from "@/lib/domain/errors";

/** Tries in a window. Only failed ones stay counted. */
export const loginLimits = {
  email: { points: 10, duration: 15 * 60 },
  address: { points: 60, duration: 15 * 60 },
  secondStep: { points: 30, duration: 24 * 60 * 60 },
  /** Mails that one address can be made to get, and links that one client address can ask for or try. */
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

/** Whose tries are counted together. No e-mail address holds a line feed. */
const aimedAt = (email: string, apart: string | null) => (apart === null ? email : `${email}\n${apart}`);

/**
 * Counts a password try before it is checked, for the address and for the account it aims at.
 *
 * @param apart what vouches for this try being its user's own: a device known from before, or a live session.
 *   Its tries are counted apart from everyone else's, so that strangers who guess cannot shut the user out
 * @throws Refusal `limited` with the seconds to wait
 */
export async function limitLogin(email: string, address: string, apart: string | null = null): Promise<void> {
  await consume("address", addressGroup(address));
  await consume("email", aimedAt(email, apart));
}

/** A right password: its tries start anew; the address gets back only this one try. */
export async function settleLogin(
  email: string,
  address: string,
  apart: string | null = null,
): Promise<void> {
  await limiter("email").delete(keyOf(aimedAt(email, apart)));
  await limiter("address").reward(keyOf(addressGroup(address)), 1);
}

/**
 * Counts a code before it is checked: with the tries of the account and the address, and for a day with the
 * codes of this person. Who knows the password gets 30 codes a day, not 10 every quarter of an hour.
 *
 * @throws Refusal `limited` with the seconds to wait
 */
export async function limitSecondStep(
  { userId, email }: { userId: string; email: string },
  address: string,
  apart: string | null = null,
): Promise<void> {
  await limitLogin(email, address, apart);
  await consume("secondStep", userId);
}

/** A right code: the account starts anew; the address gets back this try and that of the password. */
export async function settleSecondStep(
  { userId, email }: { userId: string; email: string },
  address: string,
  apart: string | null = null,
): Promise<void> {
  await limiter("secondStep").delete(keyOf(userId));
  await settleLogin(email, address, apart);
  await limiter("address").reward(keyOf(addressGroup(address)), 1);
}

/**
 * Counts a passkey before it is checked. Nobody guesses a signature; this is for the work it makes.
 *
 * @throws Refusal `limited` with the seconds to wait
 */
export function limitPasskey(address: string): Promise<void> {
  return consume("address", addressGroup(address));
}

/** A right passkey: the address gets this try back. */
export async function settlePasskey(address: string): Promise<void> {
  await limiter("address").reward(keyOf(addressGroup(address)), 1);
}

/**
 * Counts a registration.
 *
 * @throws Refusal `limited` with the seconds to wait
 */
export function limitRegistration(address: string): Promise<void> {
  return consume("registration", addressGroup(address));
}

/**
 * Counts a mail that someone asks to be sent to this address.
 *
 * @throws Refusal `limited` with the seconds to wait
 */
export function limitMail(email: string): Promise<void> {
  return consume("mail", email);
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

/** The same for those who must not learn whether the address is known: true when it got too many. */
export async function isMailLimited(email: string): Promise<boolean> {
  return !(await isWithin("mail", email));
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
