import { randomBytes } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";

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

let decoy: Promise<string> | undefined;

/**
 * True when the password belongs to the hash. Without a hash (no such user) it does the same work and
 * answers false, so that time tells nothing.
 */
export async function verifyPassword(stored: string | undefined, password: string): Promise<boolean> {
  decoy ??= hashPassword(randomBytes(32).toString("base64"));
  const fallback = await decoy;
  const matches = await verify(stored ?? fallback, normalise(password));
  return stored !== undefined && matches;
}
