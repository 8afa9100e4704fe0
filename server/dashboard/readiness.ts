import pg from "pg";
import { readMigrations } from "../migrations/folder";
import { migrationState } from "../migrations/pending";

/** Why a process cannot serve now; `ready` when it can. */
export type Readiness = "ready" | "stopping" | "database" | "migrations";

const answerWithinMs = 3000;

/** Tells whether the database answers and has every migration of this checkout. */
export class ReadinessCheck {
  readonly #pool: pg.Pool;
  #migrated = false;

  constructor(databaseUrl: string) {
    // Its own connection: a busy dashboard must not look like a broken database.
    this.#pool = new pg.Pool({
      connectionString: databaseUrl,
      max: 1,
      connectionTimeoutMillis: answerWithinMs,
      query_timeout: answerWithinMs,
      statement_timeout: answerWithinMs,
      lock_timeout: answerWithinMs,
      allowExitOnIdle: true,
      application_name: "latchkey-readiness",
    });
    this.#pool.on("error", () => {});
  }

  /** Never rejects. */
  async check(): Promise<Exclude<Readiness, "stopping">> {
    try {
      await this.#pool.query("select 1");
      if (!this.#migrated) {
        const { pending } = await migrationState(this.#pool, await readMigrations());
        this.#migrated = pending.length === 0;
      }
      return this.#migrated ? "ready" : "migrations";
    } catch {
      return "database";
    }
  }
}
