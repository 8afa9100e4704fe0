import pg from "pg";
import { config } from "@/lib/config";
import { ConfigError, settingProblem } from "@/lib/config/values";
import type { ClockReading } from "@/lib/domain/confirmation";
import { epochChannel } from "./epoch";
import { pool } from "./pool";

/** The database's clock in milliseconds since 1970, as a column of a query for `readClock`. */
const clockColumn = `(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "clockMs"`;

interface Queryable {
  query(text: string): Promise<{ rows: unknown[] }>;
}

/**
 * Reads the database's clock, beside whatever else one query asks for.
 *
 * @param query has `clockColumn` among its columns
 */
async function readClock<R = unknown>(
  connection: Queryable,
  query = `SELECT ${clockColumn}`,
): Promise<{ row: R; reading: ClockReading }> {
  const askedAt = Date.now();
  const { rows } = await connection.query(query);
  const answeredAt = Date.now();
  const row = rows[0] as R & { clockMs: number };
  return { row, reading: { askedAt, answeredAt, other: row.clockMs } };
}

/** The same on a connection of this process's pool. */
export async function readPooledClock(): Promise<ClockReading> {
  return (await readClock(pool())).reading;
}

/** Who is told what is announced on some channels. */
interface Audience {
  /** Something was announced; the transaction that did is committed. */
  heard(channel: string, payload: string): void;
  /**
   * The connection listens from now on. What was announced before may have been missed.
   *
   * @param snapshot PostgreSQL's snapshot of this moment: what is not committed in it will be announced
   */
  connected(snapshot: string): void;
  /** The connection answered: everything announced up to now has arrived. */
  alive(): void;
  /** The database's clock was read: when the connection was made, and with each question whether it is there. */
  clock?(reading: ClockReading): void;
  /** The connection is gone; another is being made. */
  lost(): void;
}

/** Where to listen, and what the connection calls itself. */
interface ListenerOptions {
  readonly channels: readonly string[];
  readonly applicationName: string;
  /** Milliseconds between two questions whether it is still there; an answer that takes as long counts as none. */
  readonly everyMs: number;
}

/** A connection that listens until it is closed. */
export interface Listener {
  /** What the connection calls itself from now on, for whoever asks the database who is there. */
  rename(applicationName: string): void;
  close(): Promise<void>;
}

const firstRetryMs = 100;
const longestRetryMs = 5000;

async function connect(
  audience: Audience,
  { channels, applicationName, everyMs: answerWithinMs }: ListenerOptions,
): Promise<{ client: pg.Client; snapshot: string }> {
  const { databaseUrl } = config();
  if (!databaseUrl) throw new ConfigError([settingProblem("DATABASE_URL", "notSet")]);
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: Math.max(answerWithinMs, 1000),
    query_timeout: answerWithinMs,
    statement_timeout: answerWithinMs,
    lock_timeout: answerWithinMs,
    keepAlive: true,
    application_name: applicationName,
  });
  client.on("error", () => {});
  client.on("notification", ({ channel, payload }) => audience.heard(channel, payload ?? ""));
  try {
    await client.connect();
    await client.query(channels.map((channel) => `LISTEN ${channel}`).join("; "));
    // Not in one statement with it: whatever commits before listening has begun must be in the snapshot.
    const { row, reading } = await readClock<{ snapshot: string }>(
      client,
      `SELECT pg_current_snapshot()::text AS snapshot, ${clockColumn}`,
    );
    audience.clock?.(reading);
    return { client, snapshot: row.snapshot };
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

/**
 * Listens on a connection of its own, makes a new one with growing pauses when it breaks, and asks it
 * regularly whether it is still there: a connection can die without a sound.
 */
export function listenOn(options: ListenerOptions, audience: Audience): Listener {
  const stop = new AbortController();
  let { applicationName } = options;
  let open: pg.Client | undefined;
  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(done, ms);
      function done() {
        clearTimeout(timer);
        stop.signal.removeEventListener("abort", done);
        resolve();
      }
      stop.signal.addEventListener("abort", done);
    });

  async function serve(client: pg.Client, snapshot: string): Promise<void> {
    let broken = false;
    const ended = new Promise<void>((resolve) => {
      client.once("end", () => {
        broken = true;
        resolve();
      });
    });
    audience.connected(snapshot);
    while (!broken && !stop.signal.aborted) {
      await Promise.race([sleep(options.everyMs), ended]);
      if (broken || stop.signal.aborted) break;
      const { reading } = await readClock(client);
      audience.alive();
      audience.clock?.(reading);
    }
  }

  async function run(): Promise<void> {
    for (let failures = 0; !stop.signal.aborted; failures++) {
      let client: pg.Client | undefined;
      try {
        const connected = await connect(audience, { ...options, applicationName });
        client = connected.client;
        open = client;
        failures = 0;
        await serve(client, connected.snapshot);
      } catch {
        // What is wrong is told by whoever reads policies; here it only counts that nobody listens.
      }
      open = undefined;
      if (client) {
        audience.lost();
        // A dead peer would keep a polite goodbye waiting.
        void client.end().catch(() => {});
      }
      if (!stop.signal.aborted)
        await sleep(Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures, 10)));
    }
  }

  const running = run();
  return {
    rename(name) {
      applicationName = name;
      // Where it fails, the connection is broken, and the next one has the name.
      open?.query("SELECT set_config('application_name', $1, false)", [name]).catch(() => {});
    },
    close() {
      stop.abort();
      return running;
    },
  };
}

/** Who is told about changed decisions. */
interface EpochAudience extends Omit<Audience, "heard"> {
  /** An account's epoch was raised; its change is committed. */
  announced(accountId: string, epoch: bigint): void;
}

/** A connection that listens until it is closed. */
export type EpochListener = Listener;

/** Takes `<account id>:<epoch>` apart; null for anything else. */
export function parseAnnouncement(payload: string | undefined): [accountId: string, epoch: bigint] | null {
  const [, accountId, epoch] = /^([0-9a-f-]{36}):(\d{1,19})$/.exec(payload ?? "") ?? [];
  return accountId === undefined || epoch === undefined ? null : [accountId, BigInt(epoch)];
}

/**
 * Listens for raised epochs; see `listenOn`.
 *
 * @param everyMs between two questions; an answer that takes as long counts as none
 */
export function listenForEpochs(audience: EpochAudience, everyMs: number): EpochListener {
  return listenOn(
    { channels: [epochChannel], applicationName: "latchkey-listener", everyMs },
    {
      heard: (_channel, payload) => {
        const announcement = parseAnnouncement(payload);
        if (announcement) audience.announced(...announcement);
      },
      connected: (snapshot) => audience.connected(snapshot),
      alive: () => audience.alive(),
      clock: (reading) => audience.clock?.(reading),
      lost: () => audience.lost(),
    },
  );
}
