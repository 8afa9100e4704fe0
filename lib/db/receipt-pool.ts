import pg from "pg";
import { config } from "@/lib/config";
import { ConfigError } from "@/lib/config/config-error";

/** A database that takes longer is asked again later. */
const answerWithinMs = 5000;

/**
 * One connection for reports of gates, made when it is needed. It is not the pool's, so that requests never
 * wait for a report, and not the one that listens, so that a slow report holds no announcement back.
 */
export function createReceiptPool(): pg.Pool {
  const { databaseUrl } = config();
  if (!databaseUrl) throw new ConfigError("DATABASE_URL: not set");
  const created = new pg.Pool({
    connectionString: databaseUrl,
    max: 1,
    connectionTimeoutMillis: answerWithinMs,
    query_timeout: answerWithinMs,
    statement_timeout: answerWithinMs,
    lock_timeout: answerWithinMs,
    idle_in_transaction_session_timeout: answerWithinMs,
    keepAlive: true,
    application_name: "latchkey-receipts",
    // What a crash of the database may lose, gates report anew: they connect again.
    onConnect: (client) => client.query("SET synchronous_commit = off"),
  });
  created.on("error", () => {});
  created.on("connect", (client) => client.on("error", () => {}));
  return created;
}
