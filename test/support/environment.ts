import { randomBytes } from "node:crypto";

/** Every setting a developer's own .env might hold: tests must not depend on it. Empty counts as not set. */
const unset = {
  HOST: "",
  LATCHKEY_DATA_DIR: "",
  LATCHKEY_SECRET_FILE: "",
  LATCHKEY_SECRET_PREVIOUS: "",
  DATABASE_URL_FILE: "",
  SMTP_URL_FILE: "",
  OIDC_CLIENT_SECRET_FILE: "",
  LATCHKEY_URL: "",
  LATCHKEY_GATE_URL: "",
  SMTP_URL: "",
  MAIL_FROM: "",
  OIDC_ISSUER: "",
  OIDC_CLIENT_ID: "",
  OIDC_CLIENT_SECRET: "",
  OIDC_NAME: "",
  REQUIRE_TWO_STEP: "",
  BREACHED_PASSWORDS_FILE: "",
  UPSTREAM_CONNECT_TIMEOUT_SECONDS: "",
  UPSTREAM_HEADERS_TIMEOUT_SECONDS: "",
  UPSTREAM_IDLE_TIMEOUT_SECONDS: "",
  UPSTREAM_CONNECTIONS: "",
  // Words are those of this language, whatever the developer's terminal speaks.
  LC_ALL: "C",
  GATE_WORKERS: "1",
  GATE_DASHBOARD_URL: "",
  ADMIN_PORT: "",
  GATE_MAX_STALENESS_SECONDS: "",
  GATE_DRAIN_SECONDS: "",
  GATE_SHUTDOWN_DELAY_SECONDS: "",
  GATE_HEADERS_TIMEOUT_SECONDS: "",
  GATE_IDLE_TIMEOUT_SECONDS: "",
  GATE_KEEP_ALIVE_SECONDS: "",
  GATE_MAX_CONNECTIONS: "",
  GATE_MAX_CACHED_INSTANCES: "",
  GATE_NAMING_BODY_MEGABYTES: "",
  SECURITY_CONTACT: "",
  SECURITY_EXPIRES: "",
  SECURITY_LANGUAGES: "",
  SECURITY_POLICY: "",
  AUDIT_LOG: "",
  LOG_LEVEL: "",
};

/** The secret of one run of the tests. */
const testSecret = randomBytes(32).toString("base64url");

/** The environment of tests, and of the servers they call. */
export function testEnvironment(
  databaseUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    ...unset,
    PORT: "0",
    DATABASE_URL: databaseUrl,
    LATCHKEY_SECRET: testSecret,
    REGISTRATION: "open",
    ALLOW_PRIVATE_UPSTREAMS: "true",
    TRUSTED_PROXIES: "127.0.0.0/8",
    NEXT_TELEMETRY_DISABLED: "1",
    ...settings,
  };
}
