import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { type Config, parseConfig, settingDefaults } from "@/lib/config";
import { ConfigError } from "@/lib/config/values";
import { checkHashFile, HashFileError } from "@/lib/crypto/sorted-hashes";
import type { SettingLine, SettingSource } from "@/lib/domain/doctor";
import type { Told } from "@/lib/domain/told";
import { redactText } from "@/lib/log/safe-text";
import { checkout } from "./folders";
import { nearest } from "./nearest";
import { codeOf, StartError } from "./terminal";
import { failure } from "./words";

const envFile = join(checkout, ".env");

/** @throws StartError when it is there and cannot be read */
function readEnvFile(): Readonly<Record<string, string | undefined>> {
  try {
    return existsSync(envFile) ? parseEnv(readFileSync(envFile, "utf8")) : {};
  } catch (error) {
    throw new StartError(failure("envFile", { path: envFile, code: codeOf(error) }));
  }
}

const suppliedVariable = "LATCHKEY_SUPPLIED";

/** Tells the processes that are started from here which variables were not set, and come from here. */
export function supplied(names: readonly string[]): Readonly<Record<string, string>> {
  return { [suppliedVariable]: names.filter((name) => !process.env[name]).join(" ") };
}

/** What may be told of a variable that holds a secret: of an address, the place. */
const disclosed: Readonly<Record<string, (value: string) => string>> = {
  LATCHKEY_SECRET: () => "…",
  LATCHKEY_SECRET_PREVIOUS: () => "…",
  OIDC_CLIENT_SECRET: () => "…",
  DATABASE_URL: placeOf,
  SMTP_URL: placeOf,
};

/** Scheme, host and path of an address: no user, no password, no query. */
function placeOf(value: string): string {
  if (!URL.canParse(value)) return "…";
  const { protocol, host, pathname } = new URL(value);
  return `${protocol}//${host}${pathname}`;
}

/** Every variable, as it counts in this process, and where it comes from. No secret is in it. */
export function settingLines(): readonly SettingLine[] {
  const file = readEnvFile();
  const fromStart = new Set(process.env[suppliedVariable]?.split(" "));
  return [...settingDefaults].map(([name, fallback]) => {
    const value = process.env[name];
    if (!value) return { name, value: fallback, source: "default" };
    const source: SettingSource = fromStart.has(name)
      ? "start"
      : file[name] === value
        ? "file"
        : "environment";
    return { name, value: redactText(disclosed[name]?.(value) ?? value), source };
  });
}

/**
 * Variables that are none of ours and were probably meant to be: lines of `.env`, and those of the environment that are
 * nearly one of ours.
 */
export function unknownVariables(): readonly { readonly name: string; readonly meant: string | undefined }[] {
  const ours = [...settingDefaults.keys()];
  const inFile = Object.keys(readEnvFile());
  const others = new Set(["NODE_ENV", "NODE_EXTRA_CA_CERTS", "NODE_OPTIONS", "TZ", suppliedVariable]);
  return [...new Set([...inFile, ...Object.keys(process.env)])]
    .filter((name) => !settingDefaults.has(name) && !others.has(name))
    .map((name) => ({ name, meant: /^[A-Z]+_[A-Z_]+$/.test(name) ? nearest(name, ours, 2) : undefined }))
    .filter(({ name, meant }) => meant !== undefined || inFile.includes(name));
}

/**
 * Reads `.env` of the checkout, where variables that are already set win, and parses the configuration.
 *
 * @throws StartError that names each wrong variable
 */
export function loadConfig(): Config {
  const { config, problems } = parsedConfig();
  if (config) return config;
  throw new StartError(failure("configuration", { problems }));
}

/** The same, where a configuration that does not work is told: a sentence for each wrong variable. */
export function parsedConfig(): { readonly config: Config | null; readonly problems: readonly Told[] } {
  for (const [name, value] of Object.entries(readEnvFile())) process.env[name] ??= value;
  try {
    return { config: parseConfig(process.env), problems: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { config: null, problems: error.problems };
  }
}

/** @throws StartError when there is no secret, or its file cannot be used */
export function secretsOrStop(config: Config): void {
  try {
    config.secrets();
  } catch (error) {
    throw error instanceof ConfigError
      ? new StartError(failure("settings", { problems: error.problems }))
      : error;
  }
}

/** No clock that is right says less: long before the first Latchkey. */
const earliest = Date.UTC(2020, 0, 1);

/**
 * Makes sure that the clock was set since this machine was switched on: links, sessions, second steps and rotations end
 * by it, and the audit trail is written by it.
 *
 * @throws StartError when it was not
 */
export function checkClock(): void {
  const now = new Date();
  if (now.getTime() >= earliest) return;
  throw new StartError(failure("clock", { now: now.toISOString() }));
}

type ServerConfig = Config & { readonly databaseUrl: string };

/**
 * The configuration of a process that serves, which needs a database and the secret.
 *
 * @throws StartError that names what is missing, now and not at the first request
 */
export function loadServerConfig(): ServerConfig {
  const config = loadConfig();
  checkClock();
  if (!hasDatabase(config)) throw new StartError(failure("noDatabase"));
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
    const why =
      error instanceof HashFileError
        ? failure(`hashFile.${error.fault}`)
        : failure("hashFileUnreadable", { code: codeOf(error) });
    throw new StartError(failure("breachedPasswords", { why }));
  }
}
