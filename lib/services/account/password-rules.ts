import { randomBytes } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";
import { type OptionsType, ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary } from "@zxcvbn-ts/language-common";
import { z } from "zod";
import { config } from "@/lib/config";
import { hasHashOf } from "@/lib/crypto/sorted-hashes";
import { db } from "@/lib/db/client";
import { invalidField } from "@/lib/domain/errors";
import { createLog } from "@/lib/log/logger";
import { refuse } from "../parse";
import type { LinkOwner } from "./mail-links";

/** Shortest password a new user may choose, in characters. */
const passwordMinLength = 15;

/** Longest password, in characters; more would only make hashing a way to keep the server busy. */
const passwordMaxLength = 256;

/** Length in the form that is hashed: NFC code points. */
function passwordLength(password: string): number {
  return [...password.normalize("NFC")].length;
}

/** The length rule of a new password. Every character is allowed and counts, spaces too. */
export const newPasswordSchema = z.string().superRefine((password, context) => {
  const length = passwordLength(password);
  if (length === 0) refuse(context, "required");
  else if (length < passwordMinLength) refuse(context, "too_short", { min: passwordMinLength });
  else if (length > passwordMaxLength) refuse(context, "too_long", { max: passwordMaxLength });
});

/** What must remain once the user's own words and repetition are taken out, in characters. */
const remainderMin = 8;

/** Guesses an attacker who knows common passwords, words and keyboard walks needs at least, as a power of ten. */
const guessesMin = 10;

/** So much of a password is estimated: the time grows with its square. */
const estimatedLength = 48;

const wordMin = 4;

/** Sayings that a dictionary of single words takes for four unrelated ones, without spaces. */
const sayings: ReadonlySet<string> = new Set([
  "correcthorsebatterystaple",
  "thequickbrownfoxjumpsoverthelazydog",
]);

let estimator: ZxcvbnFactory | undefined;

/** Made on first use: its dictionaries take a while to build. */
function estimate(password: string): number {
  const options: OptionsType = {
    dictionary,
    graphs: adjacencyGraphs,
    maxLength: estimatedLength,
    l33tMaxSubstitutions: 8,
  };
  estimator ??= new ZxcvbnFactory(options);
  return estimator.check(password.slice(0, estimatedLength), ["latchkey"]).guessesLog10;
}

/** `abcabcabcabcabc` says no more than `abc`, and `aaaa` no more than `a`. */
function withoutRepeats(text: string): string {
  const shorter = text.replace(/(.+?)\1+/gsu, "$1");
  return shorter === text ? text : withoutRepeats(shorter);
}

function words(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length >= wordMin);
}

/**
 * True for a password an attacker tries early: common ones, keyboard walks, dates and repetition, the user's own
 * names, or a mixture of these, with too little besides. For the server only: its dictionaries are large.
 *
 * @param about texts that belong to the user: account name, e-mail address
 */
export function isCommonPassword(password: string, about: readonly string[]): boolean {
  const own = [...about.flatMap(words), "latchkey"].sort((a, b) => b.length - a.length);
  let rest = password.normalize("NFC").toLowerCase();
  if (sayings.has(rest.replace(/[^a-z]+/g, ""))) return true;
  for (const word of own) rest = rest.replaceAll(word, "");
  const bare = withoutRepeats(rest.replace(/[\s._-]+/gu, ""));
  if (bare.length < remainderMin || new Set(bare).size < 5) return true;
  return estimate(rest) < guessesMin;
}

/** False where no list of breached passwords is configured. One that cannot be read lets no password through. */
async function isBreached(password: string): Promise<boolean> {
  const { breachedPasswordsFile: path } = config();
  if (path === undefined) return false;
  try {
    // As typed, and as it is hashed here.
    const found = await Promise.all(
      [password, password.normalize("NFC")].map((form) => hasHashOf(path, form)),
    );
    return found.includes(true);
  } catch (error) {
    const reason = error instanceof Error ? error.message : undefined;
    createLog("dashboard").error({ reason }, "BREACHED_PASSWORDS_FILE cannot be read");
    throw invalidField("password", "password_unchecked");
  }
}

/**
 * The rule for every new password, after that of its length.
 *
 * @param about texts that belong to the user: account name, e-mail address
 * @throws Refusal `invalid` (password: password_common for one that an attacker tries early, password_breached for
 *   one on the configured list, password_unchecked when that list cannot be read)
 */
export async function requireStrongPassword(password: string, about: readonly string[]): Promise<void> {
  if (isCommonPassword(password, about)) throw invalidField("password", "password_common");
  if (await isBreached(password)) throw invalidField("password", "password_breached");
}

/**
 * The rule for a password that replaces another one.
 *
 * @throws Refusal `invalid` as `requireStrongPassword` does
 */
export async function requireStrongReplacement(
  password: string,
  { userId, email }: LinkOwner,
): Promise<void> {
  const memberships = await db.membership.findMany({
    where: { userId },
    select: { account: { select: { name: true } } },
  });
  await requireStrongPassword(password, [email, ...memberships.map(({ account }) => account.name)]);
}

/** OWASP Password Storage Cheat Sheet: argon2id, 19 MiB, 2 passes, 1 lane. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Two people typing the same password on different keyboards mean the same characters. */
function normalise(password: string): string {
  return password.normalize("NFC");
}

/** argon2id in PHC string form. */
export function hashPassword(password: string): Promise<string> {
  return hash(normalise(password), parameters);
}

/** False for what no stored password can be, so that nobody keeps the server busy with hashing it. */
function couldBePassword(password: string): boolean {
  return password.length <= passwordMaxLength * 4 && passwordLength(password) <= passwordMaxLength;
}

let decoy: Promise<string> | undefined;

/**
 * True when the password belongs to the hash. Without a hash (no such user) it does the same work and
 * answers false, so that time tells nothing.
 */
export async function verifyPassword(stored: string | undefined, password: string): Promise<boolean> {
  decoy ??= hashPassword(randomBytes(32).toString("base64"));
  const fallback = await decoy;
  const tried = couldBePassword(password) ? normalise(password) : "";
  const matches = await verify(stored ?? fallback, tried);
  return stored !== undefined && matches;
}
