import ipaddr from "ipaddr.js";
import { z } from "zod";

const flag = z
  .enum(["true", "false"], { error: "say true or false" })
  .default("false")
  .transform((value) => value === "true");

const seconds = (fallback: number) =>
  z.coerce
    .number({ error: "give a number of seconds" })
    .positive({ error: "give a number above 0" })
    .max(86_400)
    .default(fallback);

const origin = z
  .url({ protocol: /^https?$/, error: "give an http or https address such as https://latchkey.example.com" })
  .transform((value) => new URL(value).origin);

/** RFC-wise https only; plain http does no harm on this very machine. */
const issuer = z
  .url({ protocol: /^https?$/, error: "give the provider's issuer such as https://accounts.example.com" })
  .refine((value) => /^(?:https:\/\/|http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?:[:/]|$))/i.test(value), {
    error: "the issuer must begin with https://",
  })
  .refine((value) => !/[?#]/.test(value), { error: "the issuer has no ? and no #" });

const cidrList = z
  .string()
  .default("")
  .transform((value, context) => {
    const list = value
      .split(",")
      .map((part) => part.trim())
      .filter(Boolean);
    for (const entry of list) {
      if (ipaddr.isValid(entry) || ipaddr.isValidCIDR(entry)) continue;
      context.addIssue({
        code: "custom",
        message: `${entry} is not an address or a CIDR such as 10.0.0.0/8`,
      });
    }
    return list;
  });

const count = (fallback: number) =>
  z.coerce
    .number({ error: "give a number" })
    .int({ error: "give a whole number" })
    .min(1, { error: "give a number above 0" })
    .max(10_000_000)
    .default(fallback);

/** An address, or a name and an address in angle brackets; nothing that could begin another header or address. */
const mailFrom = /^(?:[^\s@<>",;:]+@[^\s@<>",;:]+|[^<>",;:@\p{Cc}]{1,64} ?<[^\s@<>",;:]+@[^\s@<>",;:]+>)$/u;

const schema = z.object({
  PORT: z.coerce
    .number({ error: "give a port number" })
    .int({ error: "give a whole number" })
    .min(0, { error: "give a port from 0 to 65535" })
    .max(65_535, { error: "give a port from 0 to 65535" })
    .default(3000),
  HOST: z.string().min(1).default("127.0.0.1"),
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      error: "give a PostgreSQL address such as postgresql://user:password@host:5432/latchkey",
    })
    .optional(),
  LATCHKEY_SECRET: z
    .string()
    .min(32, { error: "give 32 characters or more, for example from: openssl rand -base64 32" })
    .optional(),
  LATCHKEY_DATA_DIR: z.string().min(1).optional(),
  LATCHKEY_URL: origin.optional(),
  LATCHKEY_GATE_URL: origin.optional(),
  SMTP_URL: z
    .url({
      protocol: /^smtps?$/,
      error: "give a mail server such as smtps://user:password@mail.example.com:465 (or smtp://…:587)",
    })
    .optional(),
  MAIL_FROM: z
    .string()
    .regex(mailFrom, {
      error: "give the sender, such as latchkey@example.com or Latchkey <latchkey@example.com>",
    })
    .optional(),
  OIDC_ISSUER: issuer.optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  OIDC_NAME: z.string().trim().min(1).max(40, { error: "give 40 characters or fewer" }).optional(),
  REGISTRATION: z.enum(["open", "closed"], { error: "say open or closed" }).default("closed"),
  ALLOW_PRIVATE_UPSTREAMS: flag,
  TRUSTED_PROXIES: cidrList,
  UPSTREAM_CONNECT_TIMEOUT_SECONDS: seconds(10),
  UPSTREAM_HEADERS_TIMEOUT_SECONDS: seconds(60),
  UPSTREAM_IDLE_TIMEOUT_SECONDS: seconds(300),
  UPSTREAM_CONNECTIONS: count(1024),
  GATE_WORKERS: z.coerce
    .number({ error: "give a number of processes" })
    .int({ error: "give a whole number" })
    .min(1, { error: "give a number from 1 to 256" })
    .max(256, { error: "give a number from 1 to 256" })
    .optional(),
  GATE_DASHBOARD_URL: origin.optional(),
  ADMIN_PORT: z.coerce
    .number({ error: "give a port number" })
    .int({ error: "give a whole number" })
    .min(0, { error: "give a port from 0 to 65535" })
    .max(65_535, { error: "give a port from 0 to 65535" })
    .optional(),
  GATE_MAX_STALENESS_SECONDS: seconds(60),
  GATE_DRAIN_SECONDS: seconds(10),
  GATE_HEADERS_TIMEOUT_SECONDS: seconds(20),
  GATE_IDLE_TIMEOUT_SECONDS: seconds(300),
  GATE_KEEP_ALIVE_SECONDS: seconds(75),
  GATE_MAX_CONNECTIONS: count(20_000),
  GATE_MAX_CACHED_INSTANCES: count(200_000),
  AUDIT_LOG: z.enum(["on", "off"], { error: "say on or off" }).default("on"),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
});

/** What mail needs besides a server: links begin with the dashboard's own address, never with a request's Host. */
function mailSettings({ SMTP_URL, MAIL_FROM, LATCHKEY_URL }: z.output<typeof schema>) {
  if (SMTP_URL === undefined) return undefined;
  const missing = [
    ...(LATCHKEY_URL ? [] : ["LATCHKEY_URL: needed with SMTP_URL, because links in mail begin with it"]),
    ...(MAIL_FROM ? [] : ["MAIL_FROM: needed with SMTP_URL, such as Latchkey <latchkey@example.com>"]),
  ];
  if (!LATCHKEY_URL || !MAIL_FROM) throw new ConfigError(missing.join("\n"));
  return Object.freeze({ smtpUrl: SMTP_URL, from: MAIL_FROM, linkOrigin: LATCHKEY_URL });
}

/** Single sign-on: all of it or nothing. The provider sends people back to a fixed address, so that is needed too. */
function singleSignOnSettings(value: z.output<typeof schema>) {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME, LATCHKEY_URL } = value;
  if (!OIDC_ISSUER && !OIDC_CLIENT_ID && !OIDC_CLIENT_SECRET && !OIDC_NAME) return undefined;
  const missing = [
    ...(OIDC_ISSUER ? [] : ["OIDC_ISSUER: needed for single sign-on, such as https://accounts.example.com"]),
    ...(OIDC_CLIENT_ID ? [] : ["OIDC_CLIENT_ID: needed for single sign-on; the provider gives it"]),
    ...(OIDC_CLIENT_SECRET ? [] : ["OIDC_CLIENT_SECRET: needed for single sign-on; the provider gives it"]),
    ...(LATCHKEY_URL
      ? []
      : ["LATCHKEY_URL: needed for single sign-on, because the provider sends people back to it"]),
  ];
  if (!OIDC_ISSUER || !OIDC_CLIENT_ID || !OIDC_CLIENT_SECRET || !LATCHKEY_URL) {
    throw new ConfigError(missing.join("\n"));
  }
  return Object.freeze({
    issuer: OIDC_ISSUER,
    clientId: OIDC_CLIENT_ID,
    clientSecret: OIDC_CLIENT_SECRET,
    /** What people call the provider. */
    name: OIDC_NAME ?? new URL(OIDC_ISSUER).host,
  });
}

/** A configuration that cannot work; the message lists every wrong variable with its fix. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

/**
 * Reads the whole configuration from environment variables. An empty variable counts as not set.
 *
 * @throws ConfigError naming each wrong variable and what to give instead (never its value)
 */
export function parseConfig(env: Readonly<Record<string, string | undefined>>) {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new ConfigError(lines.join("\n"));
  }
  const value = parsed.data;
  return Object.freeze({
    port: value.PORT,
    host: value.HOST,
    databaseUrl: value.DATABASE_URL,
    dataDir: value.LATCHKEY_DATA_DIR,
    /** Pins the dashboard's public origin; undefined means: the host the page was opened under. */
    url: value.LATCHKEY_URL,
    /** Where instances are called, when that is not the dashboard's own origin. */
    gateUrl: value.LATCHKEY_GATE_URL,
    /** undefined means: nothing is sent by mail, and the features that need it are off. */
    mail: mailSettings(value),
    /** undefined means: nobody signs in through another provider. */
    singleSignOn: singleSignOnSettings(value),
    registration: value.REGISTRATION,
    allowPrivateUpstreams: value.ALLOW_PRIVATE_UPSTREAMS,
    trustedProxies: Object.freeze(value.TRUSTED_PROXIES),
    connectTimeoutMs: value.UPSTREAM_CONNECT_TIMEOUT_SECONDS * 1000,
    headersTimeoutMs: value.UPSTREAM_HEADERS_TIMEOUT_SECONDS * 1000,
    idleTimeoutMs: value.UPSTREAM_IDLE_TIMEOUT_SECONDS * 1000,
    /** Connections of one process to one upstream. */
    upstreamConnections: value.UPSTREAM_CONNECTIONS,
    gate: Object.freeze({
      /** undefined means: one for each core. */
      workers: value.GATE_WORKERS,
      /** Where everything goes that is not for an instance; undefined means: there is no dashboard. */
      dashboardUrl: value.GATE_DASHBOARD_URL,
      /** undefined means: no such port. */
      adminPort: value.ADMIN_PORT,
      maxStalenessMs: value.GATE_MAX_STALENESS_SECONDS * 1000,
      drainMs: value.GATE_DRAIN_SECONDS * 1000,
      headersTimeoutMs: value.GATE_HEADERS_TIMEOUT_SECONDS * 1000,
      idleTimeoutMs: value.GATE_IDLE_TIMEOUT_SECONDS * 1000,
      keepAliveMs: value.GATE_KEEP_ALIVE_SECONDS * 1000,
      maxConnections: value.GATE_MAX_CONNECTIONS,
      maxCachedInstances: value.GATE_MAX_CACHED_INSTANCES,
    }),
    /** Whether audit events are lines on standard output too. */
    auditLog: value.AUDIT_LOG,
    logLevel: value.LOG_LEVEL,
    /** @throws ConfigError when neither the environment nor `npm start` provided a secret */
    get secret(): string {
      if (!value.LATCHKEY_SECRET)
        throw new ConfigError("LATCHKEY_SECRET: not set; npm start makes one, other commands need it given");
      return value.LATCHKEY_SECRET;
    },
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
