import { Client, type ClientConfig } from "pg";
import type { Told } from "@/lib/domain/told";
import { codeOf, StartError } from "../terminal";
import { failure } from "../words";

/** The oldest PostgreSQL that Latchkey works on. */
export const oldestMajor = 15;
const connectTimeoutMs = 10_000;

/** The address without user and password, for messages. */
export function placeOf(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  return `${url.hostname || "localhost"}:${url.port || 5432}${url.pathname}`;
}

/** Codes of the system and of PostgreSQL that the catalogue has advice for. */
const known = [
  ...(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EHOSTUNREACH", "ENOENT"] as const),
  ...(["28P01", "28000", "42501", "3D000", "53100", "53300", "57P03"] as const),
  ...(["SELF_SIGNED_CERT_IN_CHAIN", "DEPTH_ZERO_SELF_SIGNED_CERT"] as const),
] as const;

/** What pg says without a code. */
const sayings = [
  [/^timeout expired/, "timeout"],
  [/^Connection terminated/, "terminated"],
  [/password must be a (?:non-empty )?string/, "noPassword"],
  [/does not support SSL/, "noTls"],
] as const;

function reasonFor(error: unknown): Told | string {
  const said = error instanceof Error ? error.message.split("\n")[0] : undefined;
  const code = codeOf(error);
  const key =
    known.find((each) => each === code) ?? sayings.find(([pattern]) => pattern.test(said ?? ""))?.[1];
  return key ? failure(`database.reason.${key}`) : (said ?? failure("unknown"));
}

/** One line for an operator: where, what, and what to do. Never the password. */
export function explainDatabaseError(error: unknown, databaseUrl: string): StartError {
  const said = failure("database.refused", { place: placeOf(databaseUrl), reason: reasonFor(error) });
  return new StartError(said, { cause: error });
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
      failure("database.tooOld", { place: placeOf(databaseUrl), found: major, oldest: oldestMajor }),
    );
  } catch (error) {
    throw error instanceof StartError ? error : explainDatabaseError(error, databaseUrl);
  }
}
