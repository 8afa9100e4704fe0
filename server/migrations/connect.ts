import { Client, type ClientConfig } from "pg";
import { codeOf, StartError } from "../terminal";

/** The oldest PostgreSQL that Latchkey works on. */
export const oldestMajor = 15;
const connectTimeoutMs = 10_000;

/** The address without user and password, for messages. */
export function placeOf(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  return `${url.hostname || "localhost"}:${url.port || 5432}${url.pathname}`;
}

const advice: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing answers there: start PostgreSQL or correct host and port",
  ENOTFOUND: "there is no host of that name: correct it",
  EAI_AGAIN: "the host's name cannot be looked up now: check the name and the network",
  ETIMEDOUT: "no answer came: check host, port and firewall",
  EHOSTUNREACH: "the host cannot be reached: check the network",
  ENOENT: "there is no socket: start PostgreSQL or correct the host",
  "28P01": "user or password is wrong",
  "28000": "the server does not let this user in: check the user and its pg_hba.conf",
  "42501": "this user may not do that: grant it, or create the database by hand",
  "3D000": "the database does not exist and could not be created: create it by hand",
  "53100": "its disk is full: free 200 MB or more and try again",
  "53300": "the server has no connection left: raise its max_connections",
  "57P03": "the server is starting or stopping: try again in a moment",
  SELF_SIGNED_CERT_IN_CHAIN:
    "its certificate is not trusted: set NODE_EXTRA_CA_CERTS to its authority's file",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is not trusted: set NODE_EXTRA_CA_CERTS to that file",
};

/** What pg says without a code. */
const sayings: readonly (readonly [said: RegExp, advice: string])[] = [
  [/^timeout expired/, "no answer came that is PostgreSQL's: check host, port and firewall"],
  [/^Connection terminated/, "it ended the connection: check that PostgreSQL listens on this port"],
  [/password must be a (?:non-empty )?string/, "it wants a password: user:password@host"],
  [/does not support SSL/, "it has no TLS: take sslmode out, or set up TLS there"],
];

/** One line for an operator: where, what, and what to do. Never the password. */
export function explainDatabaseError(error: unknown, databaseUrl: string): StartError {
  const said = error instanceof Error ? error.message.split("\n")[0] : undefined;
  const text = advice[codeOf(error)] ?? sayings.find(([pattern]) => pattern.test(said ?? ""))?.[1] ?? said;
  return new StartError(
    `the database at ${placeOf(databaseUrl)} cannot be used: ${text ?? "unknown error"}. See DATABASE_URL.`,
    {
      cause: error,
    },
  );
}

async function open(
  databaseUrl: string,
  name = "latchkey-migrate",
  options: ClientConfig = {},
): Promise<Client> {
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    application_name: name,
    ...options,
  });
  // A connection that breaks later fails the query in hand; without a listener it would end the process.
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (error) {
    // A server that was refused an answer keeps the connection, and it this process.
    void client.end().catch(() => {});
    throw error;
  }
  return client;
}

/** True when there is no such database on that server. */
export function isMissing(error: unknown): boolean {
  const code = codeOf(error instanceof StartError ? error.cause : error);
  return code === "3D000";
}

/**
 * A connection of its own to a database that exists, for as long as `work` takes.
 *
 * @param name what PostgreSQL calls it
 * @throws StartError when there is none; whatever `work` throws
 */
export async function withClient<T>(
  databaseUrl: string,
  name: string,
  work: (client: Client) => Promise<T>,
  options: ClientConfig = {},
): Promise<T> {
  const client = await open(databaseUrl, name, options).catch((error: unknown) => {
    throw explainDatabaseError(error, databaseUrl);
  });
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

async function createDatabase(databaseUrl: string): Promise<void> {
  // As pg reads it, also where the address names none.
  const { database: name = "" } = new Client({ connectionString: databaseUrl });
  const url = new URL(databaseUrl);
  url.pathname = "/postgres";
  const client = await open(url.href);
  try {
    await client.query(`create database ${client.escapeIdentifier(name)}`);
  } catch (error) {
    // Another process that starts now may have been first.
    if (!["42P04", "23505"].includes(codeOf(error))) throw error;
  } finally {
    await client.end();
  }
}

async function openOrCreate(databaseUrl: string): Promise<Client> {
  try {
    return await open(databaseUrl);
  } catch (error) {
    if (codeOf(error) !== "3D000") throw error;
    await createDatabase(databaseUrl);
    return open(databaseUrl);
  }
}

/**
 * Connects, creating the database when it does not exist.
 *
 * @throws StartError when the server cannot be reached, refuses, or is older than PostgreSQL 15
 */
export async function connectOrCreate(databaseUrl: string): Promise<Client> {
  try {
    const client = await openOrCreate(databaseUrl);
    const { rows } = await client.query<{ version: string }>(
      "select current_setting('server_version_num') as version",
    );
    const major = Math.floor(Number(rows[0]?.version) / 10_000);
    if (major >= oldestMajor) return client;
    await client.end();
    throw new StartError(
      `the database at ${placeOf(databaseUrl)} is PostgreSQL ${major}; Latchkey needs ${oldestMajor} or newer.`,
    );
  } catch (error) {
    throw error instanceof StartError ? error : explainDatabaseError(error, databaseUrl);
  }
}
