import { readFileSync } from "node:fs";
import { z } from "zod";
import {
  gateFields,
  gateHostName,
  gateSettings,
  mailFields,
  mailSettings,
  singleSignOnFields,
  singleSignOnSettings,
} from "./config/sections";
import { securityContact, securityContactFields } from "./config/security-contact";
import {
  ConfigError,
  cidrList,
  count,
  flag,
  origin,
  otherwise,
  port,
  type SettingProblem,
  seconds,
  settingProblem,
} from "./config/values";
import { hostNameOf } from "./domain/forwarded-headers";

const schema = z.object({
  PORT: port.default(3000),
  HOST: z.string().min(1).default("127.0.0.1"),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, ...otherwise("databaseUrl") }).optional(),
  DATABASE_URL_FILE: z.string().min(1).optional(),
  DATABASE_CONNECTIONS: count(10),
  LATCHKEY_SECRET: z
    .string()
    .refine((text) => text.trim().length >= 32, otherwise("secret"))
    .optional(),
  LATCHKEY_SECRET_PREVIOUS: z.string().min(32, otherwise("previousSecret")).optional(),
  LATCHKEY_SECRET_FILE: z.string().min(1).optional(),
  LATCHKEY_DATA_DIR: z.string().min(1).optional(),
  LATCHKEY_URL: origin.optional(),
  LATCHKEY_GATE_URL: origin.optional(),
  REGISTRATION: z.enum(["open", "closed"], otherwise("registration")).default("closed"),
  REQUIRE_TWO_STEP: flag,
  BREACHED_PASSWORDS_FILE: z.string().min(1).optional(),
  ALLOW_PRIVATE_UPSTREAMS: flag,
  TRUSTED_PROXIES: cidrList,
  UPSTREAM_CONNECT_TIMEOUT_SECONDS: seconds(10),
  UPSTREAM_HEADERS_TIMEOUT_SECONDS: seconds(120),
  UPSTREAM_IDLE_TIMEOUT_SECONDS: seconds(300),
  UPSTREAM_CONNECTIONS: count(1024),
  ADVISORIES_URL: z.string().min(1).optional(),
  AUDIT_LOG: z.enum(["on", "off"], otherwise("onOff")).default("on"),
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"], otherwise("logLevel"))
    .default("info"),
  ...mailFields,
  ...singleSignOnFields,
  ...gateFields,
  ...securityContactFields,
});

/** The lines of a file that a variable names, without empty ones. @throws ConfigError when it cannot be read */
function linesIn(variable: string, path: string): readonly string[] {
  try {
    return readFileSync(path, "utf8")
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter(Boolean);
  } catch {
    throw new ConfigError([settingProblem(variable, "fileUnreadable")]);
  }
}

/** Variables with a secret in them, which is better kept in a file: that of `NAME_FILE` counts where `NAME` is not set. */
const fromFiles = ["DATABASE_URL", "SMTP_URL", "OIDC_CLIENT_SECRET"] as const;

/** A variable that Latchkey reads; what each does is said in config/descriptions.ts. */
export type SettingName = keyof typeof schema.shape | `${(typeof fromFiles)[number]}_FILE`;

/** @throws ConfigError for a file that cannot be read, or holds anything but one line */
function withFiles(given: Readonly<Record<string, string | undefined>>) {
  const read = fromFiles.flatMap((name) => {
    const path = given[`${name}_FILE`];
    if (given[name] || !path) return [];
    const [line, ...more] = linesIn(`${name}_FILE`, path);
    if (!line || more.length > 0)
      throw new ConfigError([settingProblem(`${name}_FILE`, line ? "fileOfLines" : "fileEmpty")]);
    return [[name, line] as const];
  });
  return { ...given, ...Object.fromEntries(read) };
}

/** A file has one secret a line, the one to use first. */
function secretsIn(path: string): readonly string[] {
  const lines = linesIn("LATCHKEY_SECRET_FILE", path);
  if (lines.length === 0 || lines.some((line) => line.length < 32))
    throw new ConfigError([settingProblem("LATCHKEY_SECRET_FILE", "secretFile")]);
  return lines;
}

function secretsOf(value: {
  readonly LATCHKEY_SECRET?: string | undefined;
  readonly LATCHKEY_SECRET_PREVIOUS?: string | undefined;
  readonly LATCHKEY_SECRET_FILE?: string | undefined;
}): readonly string[] {
  const { LATCHKEY_SECRET: secret, LATCHKEY_SECRET_PREVIOUS: previous, LATCHKEY_SECRET_FILE: file } = value;
  if (secret) return previous ? [secret, previous] : [secret];
  if (file) return secretsIn(file);
  throw new ConfigError([settingProblem("LATCHKEY_SECRET", "noSecret")]);
}

/** Every variable, with what counts when it is not set; null: nothing does. */
export const settingDefaults: ReadonlyMap<string, string | null> = new Map([
  ...Object.entries(schema.shape).map(([name, field]): [string, string | null] => {
    const { data } = field.safeParse(undefined);
    return [name, data === undefined || String(data) === "" ? null : String(data)];
  }),
  ...fromFiles.map((name): [string, null] => [`${name}_FILE`, null]),
]);

/**
 * Reads the whole configuration from environment variables. An empty variable counts as not set.
 *
 * @throws ConfigError naming each wrong variable and what is wrong with it (never its value)
 */
export function parseConfig(env: Readonly<Record<string, string | undefined>>) {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = schema.safeParse(withFiles(given));
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) =>
        // A test sees that no field leaves a value that it does not take to words of the library.
        settingProblem(
          issue.path.join("."),
          issue.message as SettingProblem,
          issue.code === "custom" ? issue.params : {},
        ),
      ),
    );
  }
  const value = parsed.data;
  const places = [value.LATCHKEY_URL, value.LATCHKEY_GATE_URL].filter((place) => place !== undefined);
  return Object.freeze({
    port: value.PORT,
    host: value.HOST,
    databaseUrl: value.DATABASE_URL,
    /** Connections of one process to it, besides the few that listen and report. */
    databaseConnections: value.DATABASE_CONNECTIONS,
    dataDir: value.LATCHKEY_DATA_DIR,
    /** Pins the dashboard's public origin; undefined means: the host the page was opened under. */
    url: value.LATCHKEY_URL,
    /** Where instances are called, when that is not the dashboard's own origin. */
    gateUrl: value.LATCHKEY_GATE_URL,
    /** Host name that serves instances and nothing else, at any port; null when the dashboard shares theirs. */
    gateHostName: gateHostName(value),
    /** Names of this Latchkey itself, which are nobody else's. */
    ownHostNames: new Set(places.flatMap((place) => hostNameOf(new URL(place).host))) as ReadonlySet<string>,
    /** undefined means: nothing is sent by mail, and the features that need it are off. */
    mail: mailSettings(value),
    /** undefined means: nobody signs in through another provider. */
    singleSignOn: singleSignOnSettings(value),
    /** undefined means: there is no /.well-known/security.txt. */
    securityContact: securityContact(value),
    registration: value.REGISTRATION,
    /** Two-step sign-in is required of everyone, whatever their account says. */
    requireTwoStep: value.REQUIRE_TWO_STEP,
    /** SHA-1 hashes of passwords that nobody may choose, sorted; undefined means: there is no such list. */
    breachedPasswordsFile: value.BREACHED_PASSWORDS_FILE,
    allowPrivateUpstreams: value.ALLOW_PRIVATE_UPSTREAMS,
    trustedProxies: Object.freeze(value.TRUSTED_PROXIES),
    connectTimeoutMs: value.UPSTREAM_CONNECT_TIMEOUT_SECONDS * 1000,
    headersTimeoutMs: value.UPSTREAM_HEADERS_TIMEOUT_SECONDS * 1000,
    idleTimeoutMs: value.UPSTREAM_IDLE_TIMEOUT_SECONDS * 1000,
    /** Connections of one process to one upstream. */
    upstreamConnections: value.UPSTREAM_CONNECTIONS,
    gate: gateSettings(value),
    /** Where doctor gets a newer list of advisories from, when it is asked to: an address or a path. */
    advisoriesUrl: value.ADVISORIES_URL,
    /** Whether audit events are lines on standard output too. */
    auditLog: value.AUDIT_LOG,
    logLevel: value.LOG_LEVEL,
    /**
     * The secrets that data may be under: the one to use first. Read anew each time where they are kept in a file.
     *
     * @throws ConfigError when there is none, or the file cannot be used
     */
    secrets: (): readonly string[] => secretsOf(value),
  });
}

/** The parsed configuration. */
export type Config = ReturnType<typeof parseConfig>;

let parsed: Config | undefined;

/** The configuration of this process, parsed on first use and then fixed. */
export function config(): Config {
  parsed ??= parseConfig(process.env);
  return parsed;
}
