import { config } from "@/lib/config";
import { hasHashOf } from "@/lib/crypto/sorted-hashes";
import { db } from "@/lib/db/client";
import { invalidField } from "@/lib/domain/errors";
import { createLog } from "@/lib/log/logger";
import type { LinkOwner } from "./mail-links";
import { isCommonPassword } from "./password-strength";

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
