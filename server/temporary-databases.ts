import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres/embedded-postgres";
import { applyMigrations } from "./migrations/apply";

/** For data that is thrown away in any case: nothing has to survive a power cut. */
export const forgetful = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" } as const;

/** Databases that vanish, for tests and tools. */
export interface TemporaryDatabases {
  /** The address of a database of that name, made and migrated on first use. */
  migrated(name: string): Promise<string>;
  /** Stops the server, if it ever ran, and removes its data. */
  remove(): Promise<void>;
}

/**
 * An embedded PostgreSQL on a folder of its own under the system's temporary one, started for the first database that
 * is asked for.
 *
 * @param settings of the server, in the words of postgresql.conf
 */
export function temporaryDatabases(settings: Readonly<Record<string, string>>): TemporaryDatabases {
  let folder: string | undefined;
  let server: Promise<EmbeddedPostgres> | undefined;
  const start = () => {
    folder = mkdtempSync(join(tmpdir(), "latchkey-databases-"));
    // As root, the user that runs PostgreSQL has to pass through.
    chmodSync(folder, 0o711);
    return startEmbeddedPostgres(folder, settings);
  };
  return {
    async migrated(name) {
      server ??= start();
      const url = (await server).urlOf(name);
      await applyMigrations(url);
      return url;
    },
    async remove() {
      const running = await server?.catch(() => undefined);
      await running?.stop("at once");
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
