import pg from "pg";
import { config } from "@/lib/config";
import { ConfigError } from "@/lib/config/config-error";

// `next dev` reloads modules; the pool must outlive them or connections leak.
const shared = globalThis as typeof globalThis & { latchkeyPool?: pg.Pool };

function createPool(): pg.Pool {
  const { databaseUrl } = config();
  if (!databaseUrl) throw new ConfigError("DATABASE_URL: not set; npm start provides it");
  const created = new pg.Pool({
    connectionString: databaseUrl,
    max: 10,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: "latchkey",
  });
  // An idle connection that breaks is replaced by the next query, which reports what is wrong.
  created.on("error", () => {});
  // One that breaks in the middle of a transaction says so twice: to the query, and to nobody, which would
  // end the process.
  created.on("connect", (client) => client.on("error", () => {}));
  return created;
}

/**
 * The one connection pool of this process, made on first use.
 *
 * @throws ConfigError without `DATABASE_URL`
 */
export function pool(): pg.Pool {
  shared.latchkeyPool ??= createPool();
  return shared.latchkeyPool;
}
