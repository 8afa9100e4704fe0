import type { SettingName } from "../config";

/** A kind of process that reads a setting; `start` starts the others, `commands` are those of `latchkey`. */
type Reader = "start" | "gate" | "dashboard" | "commands";

/** What people are told of a setting. The schema says what values it takes, and which counts when none is given. */
export interface SettingDescription {
  /** What it does, in a sentence or two. Names of settings and values are between backticks. */
  readonly what: string;
  /** What counts without it, where the schema has no value for that. */
  readonly unset?: string;
  /** A value that works. Secrets have none, because examples get copied. */
  readonly example?: string;
  /** What a number counts. */
  readonly unit?: string;
  readonly readBy: readonly Reader[];
}

interface SettingGroup {
  readonly title: string;
  readonly settings: Readonly<Partial<Record<SettingName, SettingDescription>>>;
}

const everywhere = ["start", "gate", "dashboard", "commands"] as const;
const both = ["gate", "dashboard"] as const;

/**
 * Every setting with what it does, in the order people look for them. It stands apart from the schema because processes
 * that serve load that and never tell anybody what a setting means.
 */
export const settingGroups: readonly SettingGroup[] = [
  {
    title: "Addresses",
    settings: {
      PORT: { what: "The port to listen on; 0 takes a free one.", readBy: ["start", "gate", "dashboard"] },
      HOST: {
        what: "The address to listen on. `0.0.0.0` means every address of this machine.",
        readBy: ["start", "gate", "dashboard"],
      },
      LATCHKEY_URL: {
        what: "The address that people open. Mail, single sign-on and host names of instances need it.",
        unset: "the host that a page was opened under",
        example: "https://latchkey.example.com",
        readBy: both,
      },
      LATCHKEY_GATE_URL: {
        what: "Where instances are called, when that is not the dashboard's address. It needs a host name of its own, not only another port, and `LATCHKEY_URL`.",
        unset: "the dashboard's address",
        example: "https://gate.example.com",
        readBy: both,
      },
      GATE_DOMAIN: {
        what: "Names one label below it are for instances and services, and lead to no page. Its DNS has to lead here, with a wildcard.",
        unset: "none; without `LATCHKEY_URL` either, nothing can have a host name",
        example: "gate.example.com",
        readBy: both,
      },
      TRUSTED_PROXIES: {
        what: "Proxies in front, as addresses and CIDRs separated by commas. `X-Forwarded-For`, `-Host` and `-Proto` of these alone are believed.",
        unset: "none",
        example: "127.0.0.1,10.0.0.0/8",
        readBy: both,
      },
    },
  },
  {
    title: "Data and secret",
    settings: {
      DATABASE_URL: {
        what: "A PostgreSQL, version 15 or newer.",
        unset: "the included PostgreSQL 18 in the data directory",
        example: "postgresql://latchkey:password@db.example.com:5432/latchkey?sslmode=verify-full",
        readBy: everywhere,
      },
      DATABASE_URL_FILE: {
        what: "The file of one line that holds the database's address, where `DATABASE_URL` is not set. Whoever may inspect a container reads its environment.",
        unset: "none",
        example: "/run/secrets/database-url",
        readBy: everywhere,
      },
      DATABASE_CONNECTIONS: {
        what: "The most connections of one process to the database, besides a few that listen and report.",
        unit: "connections",
        readBy: both,
      },
      LATCHKEY_DATA_DIR: {
        what: "The data directory: the included database and the secret. A relative path counts from the clone.",
        unset: "`.latchkey`; as root, `/var/lib/latchkey`",
        example: "/srv/latchkey",
        readBy: ["start", "commands"],
      },
      LATCHKEY_SECRET: {
        what: "The secret that all keys derive from: 32 characters or more, for example from `openssl rand -base64 32`.",
        unset: "made once, and kept in the data directory",
        readBy: everywhere,
      },
      LATCHKEY_SECRET_FILE: {
        what: "The file that holds the secret, where it is not in `LATCHKEY_SECRET`. It is read again when the secret is replaced.",
        unset: "`secret` in the data directory",
        example: "/run/secrets/latchkey",
        readBy: everywhere,
      },
      LATCHKEY_SECRET_PREVIOUS: {
        what: "The secret that was in `LATCHKEY_SECRET` before, while it is replaced.",
        unset: "none",
        readBy: everywhere,
      },
    },
  },
  {
    title: "People",
    settings: {
      REGISTRATION: {
        what: "`open` lets anyone create an account. `closed` lets the first visitor, and nobody else.",
        readBy: ["dashboard"],
      },
      REQUIRE_TWO_STEP: {
        what: "`true` requires two-step sign-in of everyone in every account. `false` lets each account decide.",
        readBy: ["dashboard"],
      },
      BREACHED_PASSWORDS_FILE: {
        what: "The SHA-1 list of Pwned Passwords as one file, sorted by hash. Nobody may choose a password on it.",
        unset: "none",
        example: "/var/lib/latchkey/pwned-passwords.txt",
        readBy: ["start", "dashboard"],
      },
      SMTP_URL: {
        what: "The mail server. It needs `LATCHKEY_URL` and `MAIL_FROM`.",
        unset: "none: what needs mail is off",
        example: "smtps://user:password@mail.example.com:465",
        readBy: ["dashboard", "commands"],
      },
      SMTP_URL_FILE: {
        what: "The file of one line that holds the mail server's address, where `SMTP_URL` is not set. Whoever may inspect a container reads its environment.",
        unset: "none",
        example: "/run/secrets/smtp-url",
        readBy: ["dashboard", "commands"],
      },
      MAIL_FROM: {
        what: "The sender of mails.",
        unset: "none",
        example: "Latchkey <latchkey@example.com>",
        readBy: ["dashboard", "commands"],
      },
      OIDC_ISSUER: {
        what: "The OpenID Connect provider. It needs the two below and `LATCHKEY_URL`; the redirect URI there is `<LATCHKEY_URL>/api/auth/callback/oidc`.",
        unset: "none: no single sign-on",
        example: "https://accounts.example.com",
        readBy: ["dashboard"],
      },
      OIDC_CLIENT_ID: {
        what: "Latchkey's id at the provider.",
        unset: "none",
        example: "latchkey",
        readBy: ["dashboard"],
      },
      OIDC_CLIENT_SECRET: {
        what: "Latchkey's secret at the provider.",
        unset: "none",
        example: "the-secret-that-the-provider-gave",
        readBy: ["dashboard"],
      },
      OIDC_CLIENT_SECRET_FILE: {
        what: "The file of one line that holds the provider's secret, where `OIDC_CLIENT_SECRET` is not set. Whoever may inspect a container reads its environment.",
        unset: "none",
        example: "/run/secrets/oidc-client-secret",
        readBy: ["dashboard"],
      },
      OIDC_NAME: {
        what: "What the sign-in button calls the provider.",
        unset: "the issuer's host",
        example: "Example",
        readBy: ["dashboard"],
      },
    },
  },
  {
    title: "Upstreams",
    settings: {
      ALLOW_PRIVATE_UPSTREAMS: {
        what: "`true` lets upstream URLs name private, loopback and link-local addresses. Leave it off where people you do not know can create instances.",
        readBy: both,
      },
      UPSTREAM_CONNECT_TIMEOUT_SECONDS: {
        what: "How long to wait for a connection to an upstream.",
        unit: "seconds",
        readBy: both,
      },
      UPSTREAM_HEADERS_TIMEOUT_SECONDS: {
        what: "How long to wait for the first byte of its answer. An instance or a service can have its own time.",
        unit: "seconds",
        readBy: both,
      },
      UPSTREAM_IDLE_TIMEOUT_SECONDS: {
        what: "How long to wait between two pieces of a body.",
        unit: "seconds",
        readBy: both,
      },
      UPSTREAM_CONNECTIONS: {
        what: "The most connections of one process to one upstream.",
        unit: "connections",
        readBy: both,
      },
    },
  },
  {
    title: "Gates",
    settings: {
      GATE_WORKERS: {
        what: "How many processes serve instances.",
        unset: "one for each core",
        example: "2",
        unit: "processes",
        readBy: ["gate"],
      },
      GATE_DASHBOARD_URL: {
        what: "Where a gate that runs alone passes on what is not for an instance. `latchkey start` sets it itself.",
        unset: "none: such requests are 404",
        example: "http://127.0.0.1:3001",
        readBy: ["gate"],
      },
      ADMIN_PORT: {
        what: "The port on 127.0.0.1 for `/metrics`, `/healthz` and `/readyz` of the gate.",
        unset: "none",
        example: "9090",
        readBy: ["gate"],
      },
      GATE_MAX_STALENESS_SECONDS: {
        what: "How long policies in memory count while the database is away. After that the gate answers 503.",
        unit: "seconds",
        readBy: ["gate"],
      },
      GATE_DRAIN_SECONDS: {
        what: "How long requests may go on after the gate is told to stop.",
        unit: "seconds",
        readBy: ["start", "gate"],
      },
      GATE_SHUTDOWN_DELAY_SECONDS: {
        what: "How long before that it goes on taking requests while `/readyz` already answers 503, so that the load balancer in front can notice.",
        unit: "seconds",
        readBy: ["start", "gate"],
      },
      GATE_HEADERS_TIMEOUT_SECONDS: {
        what: "How long a client may take to send its headers.",
        unit: "seconds",
        readBy: ["gate"],
      },
      GATE_IDLE_TIMEOUT_SECONDS: {
        what: "How long a client may stay silent during an exchange.",
        unit: "seconds",
        readBy: ["gate"],
      },
      GATE_KEEP_ALIVE_SECONDS: {
        what: "How long a client's connection stays open between two requests.",
        unit: "seconds",
        readBy: ["gate"],
      },
      GATE_MAX_CONNECTIONS: {
        what: "The most open connections of one gate process.",
        unit: "connections",
        readBy: ["gate"],
      },
      GATE_NAMING_BODY_MEGABYTES: {
        what: "The largest body that is read for the instance that it names, as WAHA has it. One process holds four times that at most.",
        unit: "megabytes",
        readBy: ["gate"],
      },
      GATE_MAX_CACHED_INSTANCES: {
        what: "The most policies in the memory of one gate process. At a start it reads those of the instances called last.",
        unit: "instances",
        readBy: ["gate"],
      },
    },
  },
  {
    title: "Logs and checks",
    settings: {
      LOG_LEVEL: {
        what: "From which level on lines are written: `fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`.",
        readBy: everywhere,
      },
      AUDIT_LOG: {
        what: "`on` writes each event of the audit trail to standard output, too. `off` keeps it in the database only.",
        readBy: ["dashboard", "commands"],
      },
      ADVISORIES_URL: {
        what: "Where `latchkey doctor --refresh` gets the newest list of advisories: an https address or a path. Nothing is fetched otherwise.",
        unset: "none",
        example: "https://latchkey.example.com/advisories.json",
        readBy: ["commands"],
      },
    },
  },
  {
    title: "Whom finders of weaknesses can tell",
    settings: {
      SECURITY_CONTACT: {
        what: "Mailboxes, https addresses and `tel:` numbers, separated by commas, for `/.well-known/security.txt` (RFC 9116).",
        unset: "none, and no such file",
        example: "security@example.com,https://example.com/report",
        readBy: ["dashboard"],
      },
      SECURITY_EXPIRES: {
        what: "The day until which that counts, less than a year ahead. `latchkey doctor` reminds of it.",
        unset: "360 days after this release",
        readBy: ["dashboard"],
      },
      SECURITY_LANGUAGES: {
        what: "The languages they may write in.",
        unset: "none",
        example: "en,pt-BR",
        readBy: ["dashboard"],
      },
      SECURITY_POLICY: {
        what: "Your policy for them, an https address.",
        unset: "none",
        example: "https://example.com/security",
        readBy: ["dashboard"],
      },
    },
  },
];
