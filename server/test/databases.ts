import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "../embedded-postgres/embedded-postgres";
import { applyMigrations } from "../migrations/apply";

/** A PostgreSQL that lives as long as one run of the tests. */
export interface TestDatabases {
  /** The address of a database of that name, made and migrated on first use. */
  migrated(name: string): Promise<string>;
  /** Stops it and removes its data. */
  remove(): Promise<void>;
}

/** Starts a PostgreSQL on a folder of its own under the system's temporary one. */
export async function startTestDatabases(): Promise<TestDatabases> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-test-"));
  // As root, the user that runs PostgreSQL has to pass through.
  chmodSync(folder, 0o711);
  const server = await startEmbeddedPostgres(folder, {
    // Its data is thrown away: nothing has to survive a power cut.
    fsync: "off",
    synchronous_commit: "off",
    full_page_writes: "off",
  });
  return {
    async migrated(name) {
      const url = server.urlOf(name);
      await applyMigrations(url);
      return url;
    },
    async remove() {
      await server.stop("immediate");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
