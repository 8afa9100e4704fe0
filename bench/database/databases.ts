import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@/server/embedded-postgres/embedded-postgres";
import { applyMigrations } from "@/server/migrations/apply";

/** Makes databases that vanish at the end. */
export interface Databases {
  /** A new, migrated, empty database; returns its address. */
  create(): Promise<string>;
  /** Removes all that were made. */
  close(): Promise<void>;
}

/** The databases of a server that was given: ours are made beside what is there, under names of our own. */
function givenServer(serverUrl: string): Databases {
  const made: string[] = [];
  return {
    async create() {
      const name = `latchkey_bench_${randomBytes(6).toString("hex")}`;
      const url = new URL(serverUrl);
      url.pathname = `/${name}`;
      made.push(name);
      await applyMigrations(url.href);
      return url.href;
    },
    async close() {
      const client = new Client({ connectionString: serverUrl });
      await client.connect();
      for (const name of made.splice(0)) await client.query(`drop database if exists ${name} with (force)`);
      await client.end();
    },
  };
}

/** The embedded PostgreSQL of the product, started for the first database that is asked for. */
function embeddedServer(): Databases {
  let folder: string | undefined;
  let server: Promise<EmbeddedPostgres> | undefined;
  let count = 0;
  const start = () => {
    folder = mkdtempSync(join(tmpdir(), "latchkey-bench-data-"));
    // As root, the user that runs PostgreSQL must pass through.
    chmodSync(folder, 0o711);
    return startEmbeddedPostgres(folder, { shared_buffers: "256MB" });
  };
  return {
    async create() {
      server ??= start();
      const url = (await server).urlOf(`bench${++count}`);
      await applyMigrations(url);
      return url;
    },
    async close() {
      const running = await server?.catch(() => undefined);
      await running?.stop("immediate");
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Databases on the server that `DATABASE_URL` names, else on an embedded one. */
export function openDatabases(databaseUrl: string | undefined): Databases {
  return databaseUrl ? givenServer(databaseUrl) : embeddedServer();
}
