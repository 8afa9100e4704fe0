import { z } from "zod";
import { hostNameOf } from "../domain/forwarded-headers";
import {
  ConfigError,
  count,
  hostNameField,
  most,
  origin,
  otherwise,
  port,
  seconds,
  settingProblem,
} from "./values";

/** Variables of the processes that serve instances. */
export const gateFields = {
  GATE_WORKERS: z.coerce
    .number(otherwise("workers"))
    .int(otherwise("workers"))
    .min(1, otherwise("workers"))
    .max(most.workers, otherwise("workers"))
    .optional(),
  GATE_DASHBOARD_URL: origin.optional(),
  ADMIN_PORT: port.optional(),
  GATE_MAX_STALENESS_SECONDS: seconds(60),
  GATE_DRAIN_SECONDS: seconds(10),
  GATE_SHUTDOWN_DELAY_SECONDS: z.coerce
    .number(otherwise("delay"))
    .min(0, otherwise("delay"))
    .max(most.delay, otherwise("delay"))
    .default(0),
  GATE_HEADERS_TIMEOUT_SECONDS: seconds(20),
  GATE_IDLE_TIMEOUT_SECONDS: seconds(300),
  GATE_KEEP_ALIVE_SECONDS: seconds(75),
  GATE_MAX_CONNECTIONS: count(20_000),
  GATE_MAX_CACHED_INSTANCES: count(200_000),
  GATE_NAMING_BODY_MEGABYTES: count(64),
  GATE_DOMAIN: hostNameField.optional(),
};

/** How the processes that serve instances work; times are in milliseconds. */
export function gateSettings(value: z.output<z.ZodObject<typeof gateFields>>) {
  return Object.freeze({
    /** undefined means: one for each core. */
    workers: value.GATE_WORKERS,
    /** Where everything goes that is not for an instance; undefined means: there is no dashboard. */
    dashboardUrl: value.GATE_DASHBOARD_URL,
    /** undefined means: no such port. */
    adminPort: value.ADMIN_PORT,
    maxStalenessMs: value.GATE_MAX_STALENESS_SECONDS * 1000,
    drainMs: value.GATE_DRAIN_SECONDS * 1000,
    shutdownDelayMs: value.GATE_SHUTDOWN_DELAY_SECONDS * 1000,
    headersTimeoutMs: value.GATE_HEADERS_TIMEOUT_SECONDS * 1000,
    idleTimeoutMs: value.GATE_IDLE_TIMEOUT_SECONDS * 1000,
    keepAliveMs: value.GATE_KEEP_ALIVE_SECONDS * 1000,
    maxConnections: value.GATE_MAX_CONNECTIONS,
    maxCachedInstances: value.GATE_MAX_CACHED_INSTANCES,
    /** Most bytes of a body that is read for the instance that it names. */
    namingBodyBytes: value.GATE_NAMING_BODY_MEGABYTES * 1024 * 1024,
    /** Every name one label below it is for instances and services; null: no domain is set aside for them. */
    domain: value.GATE_DOMAIN ?? null,
  });
}

const thisMachine = /^(?:localhost|.+\.localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\])$/;

interface Places {
  readonly LATCHKEY_URL?: string | undefined;
  readonly LATCHKEY_GATE_URL?: string | undefined;
  readonly HOST: string;
}

/**
 * The host name of the instances' own; null when they share the dashboard's origin.
 *
 * @throws ConfigError when the dashboard is under that name too, by another port or scheme: browsers tell neither
 *   apart when they send cookies (RFC 6265 §8.5), so the instances would get those of the dashboard
 */
export function gateHostName({ LATCHKEY_URL: url, LATCHKEY_GATE_URL: gateUrl, HOST }: Places): string | null {
  if (gateUrl === undefined || gateUrl === url) return null;
  const name = hostNameOf(new URL(gateUrl).host);
  if (url !== undefined && hostNameOf(new URL(url).host) === name) {
    throw new ConfigError([settingProblem("LATCHKEY_GATE_URL", "sharedName")]);
  }
  if (url === undefined && (thisMachine.test(name) || name === hostNameOf(HOST))) {
    throw new ConfigError([settingProblem("LATCHKEY_URL", "neededHere")]);
  }
  return name;
}

/** Some variables, and the address that people know the dashboard by. */
type Given<Fields extends z.ZodRawShape> = z.output<z.ZodObject<Fields>> & {
  readonly LATCHKEY_URL?: string | undefined;
};

/** An address, or a name and an address in angle brackets; nothing that could begin another header or address. */
const mailFrom = /^(?:[^\s@<>",;:]+@[^\s@<>",;:]+|[^<>",;:@\p{Cc}]{1,64} ?<[^\s@<>",;:]+@[^\s@<>",;:]+>)$/u;

/** Variables of the mail server. */
export const mailFields = {
  SMTP_URL: z
    .url({
      protocol: /^smtps?$/,
      ...otherwise("smtpUrl"),
    })
    .optional(),
  SMTP_URL_FILE: z.string().min(1).optional(),
  MAIL_FROM: z.string().regex(mailFrom, otherwise("mailFrom")).optional(),
};

/** What mail needs besides a server: links begin with the dashboard's own address, never with a request's Host. */
export function mailSettings({ SMTP_URL, MAIL_FROM, LATCHKEY_URL }: Given<typeof mailFields>) {
  if (SMTP_URL === undefined) return undefined;
  const missing = [
    ...(LATCHKEY_URL ? [] : [settingProblem("LATCHKEY_URL", "neededForMail")]),
    ...(MAIL_FROM ? [] : [settingProblem("MAIL_FROM", "senderNeeded")]),
  ];
  if (!LATCHKEY_URL || !MAIL_FROM) throw new ConfigError(missing);
  return Object.freeze({ smtpUrl: SMTP_URL, from: MAIL_FROM, linkOrigin: LATCHKEY_URL });
}

/** RFC-wise https only; plain http does no harm on this very machine. */
const issuer = z
  .url({ protocol: /^https?$/, ...otherwise("issuer") })
  .refine(
    (value) => /^(?:https:\/\/|http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?:[:/]|$))/i.test(value),
    otherwise("issuerTls"),
  )
  .refine((value) => !/[?#]/.test(value), otherwise("issuerPlain"));

/** Variables of the identity provider. */
export const singleSignOnFields = {
  OIDC_ISSUER: issuer.optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET_FILE: z.string().min(1).optional(),
  OIDC_NAME: z.string().trim().min(1, otherwise("name")).max(most.name, otherwise("name")).optional(),
};

/** Single sign-on: all of it or nothing. The provider sends people back to a fixed address, so that is needed too. */
export function singleSignOnSettings(value: Given<typeof singleSignOnFields>) {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME, LATCHKEY_URL } = value;
  if (!OIDC_ISSUER && !OIDC_CLIENT_ID && !OIDC_CLIENT_SECRET && !OIDC_NAME) return undefined;
  const missing = [
    ...(OIDC_ISSUER ? [] : [settingProblem("OIDC_ISSUER", "issuerNeeded")]),
    ...(OIDC_CLIENT_ID ? [] : [settingProblem("OIDC_CLIENT_ID", "clientNeeded")]),
    ...(OIDC_CLIENT_SECRET ? [] : [settingProblem("OIDC_CLIENT_SECRET", "clientNeeded")]),
    ...(LATCHKEY_URL ? [] : [settingProblem("LATCHKEY_URL", "neededForSignOn")]),
  ];
  if (!OIDC_ISSUER || !OIDC_CLIENT_ID || !OIDC_CLIENT_SECRET || !LATCHKEY_URL) {
    throw new ConfigError(missing);
  }
  return Object.freeze({
    issuer: OIDC_ISSUER,
    clientId: OIDC_CLIENT_ID,
    clientSecret: OIDC_CLIENT_SECRET,
    /** What people call the provider. */
    name: OIDC_NAME ?? new URL(OIDC_ISSUER).host,
  });
}
