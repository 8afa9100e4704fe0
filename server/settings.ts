import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Config, parseConfig } from "@/lib/config";
import { ConfigError } from "@/lib/config/values";
import { checkHashFile, HashFileError } from "@/lib/crypto/sorted-hashes";
import { checkout } from "./folders";
import { codeOf, StartError } from "./terminal";

/**
 * Reads `.env` of the checkout, where variables that are already set win, and parses the configuration.
 *
 * @throws StartError that names each wrong variable
 */
export function loadConfig(): Config {
  const file = join(checkout, ".env");
  if (existsSync(file)) process.loadEnvFile(file);
  try {
    return parseConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new StartError(`the configuration does not work.\n  ${error.message.replaceAll("\n", "\n  ")}`);
  }
}

function secretsOrStop(config: Config): void {
  try {
    config.secrets();
  } catch (error) {
    throw error instanceof ConfigError ? new StartError(error.message) : error;
  }
}

type ServerConfig = Config & { readonly databaseUrl: string };

/**
 * The configuration of a process that serves, which needs a database and the secret.
 *
 * @throws StartError that names what is missing, now and not at the first request
 */
export function loadServerConfig(): ServerConfig {
  const config = loadConfig();
  if (!hasDatabase(config))
    throw new StartError("set DATABASE_URL, or use npm start, which includes a database.");
  secretsOrStop(config);
  return config;
}

function hasDatabase(config: Config): config is ServerConfig {
  return Boolean(config.databaseUrl);
}

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
