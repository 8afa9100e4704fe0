import type { Config } from "@/lib/config";
import { checkHashFile, HashFileError } from "@/lib/crypto/sorted-hashes";
import { codeOf, StartError } from "./start-error";

/**
 * Makes sure that the list of breached passwords, where one is configured, can be used.
 *
 * @throws StartError that names the variable
 */
export async function checkBreachedPasswords({ breachedPasswordsFile }: Config): Promise<void> {
  if (breachedPasswordsFile === undefined) return;
  try {
    await checkHashFile(breachedPasswordsFile);
  } catch (error) {
    const why = error instanceof HashFileError ? error.message : `it cannot be read (${codeOf(error)})`;
    throw new StartError(
      `BREACHED_PASSWORDS_FILE does not work: ${why}. Give the SHA-1 list of Pwned Passwords as one file.`,
    );
  }
}
