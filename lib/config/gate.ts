import { z } from "zod";
import { hostNameOf } from "../domain/forwarded-headers";
import { ConfigError } from "./config-error";
import { count, origin, port, seconds } from "./values";

/** Variables of the processes that serve instances. */
export const gateFields = {
  GATE_WORKERS: z.coerce
    .number({ error: "give a number of processes" })
    .int({ error: "give a whole number" })
    .min(1, { error: "give a number from 1 to 256" })
    .max(256, { error: "give a number from 1 to 256" })
    .optional(),
  GATE_DASHBOARD_URL: origin.optional(),
  ADMIN_PORT: port.optional(),
  GATE_MAX_STALENESS_SECONDS: seconds(60),
  GATE_DRAIN_SECONDS: seconds(10),
  GATE_HEADERS_TIMEOUT_SECONDS: seconds(20),
  GATE_IDLE_TIMEOUT_SECONDS: seconds(300),
  GATE_KEEP_ALIVE_SECONDS: seconds(75),
  GATE_MAX_CONNECTIONS: count(20_000),
  GATE_MAX_CACHED_INSTANCES: count(200_000),
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
    headersTimeoutMs: value.GATE_HEADERS_TIMEOUT_SECONDS * 1000,
    idleTimeoutMs: value.GATE_IDLE_TIMEOUT_SECONDS * 1000,
    keepAliveMs: value.GATE_KEEP_ALIVE_SECONDS * 1000,
    maxConnections: value.GATE_MAX_CONNECTIONS,
    maxCachedInstances: value.GATE_MAX_CACHED_INSTANCES,
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
    throw new ConfigError(
      "LATCHKEY_GATE_URL: has the host name of LATCHKEY_URL, and browsers send cookies to every port of a name; give instances another host name, or leave LATCHKEY_GATE_URL out",
    );
  }
  if (url === undefined && (thisMachine.test(name) || name === hostNameOf(HOST))) {
    throw new ConfigError(
      "LATCHKEY_URL: needed when LATCHKEY_GATE_URL names this very machine, because the dashboard may not be opened under the same host name; give it another, such as http://localhost:3000 beside http://127.0.0.1:3000",
    );
  }
  return name;
}
