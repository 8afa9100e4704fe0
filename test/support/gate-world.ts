import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import pg from "pg";
import { WebSocketServer } from "ws";
import { clientTokenDigest } from "@/lib/crypto/digest";
import { formatClientToken } from "@/lib/domain/token-format";
import { waitUntil } from "@/server/processes";
import { raiseEpochOf } from "@/test/conformance/raise-epoch";
import { seedWorld } from "@/test/conformance/seed";
import { makeWorld, type World } from "@/test/conformance/world";
import { type Launched, launch } from "./launched";

/** A gate that a test has started. */
export interface LaunchedGate extends Launched {
  readonly url: string;
}

/** An instance behind every gate that a test starts, its token demanded, and an upstream behind it. */
export interface GateWorld {
  readonly world: World;
  /** A live token of the instance's account. */
  readonly token: string;
  /** Path of the instance. */
  readonly target: string;
  readonly upstreamUrl: string;
  /** From now on, this is the upstream; without one it answers `ok`, and echoes WebSockets. */
  behave(listener?: RequestListener): void;
  startGate(env?: Record<string, string>): Promise<LaunchedGate>;
  call(gate: LaunchedGate, presented?: string): Promise<Response>;
  statusOf(gate: LaunchedGate, presented?: string): Promise<number>;
  /** Pauses or resumes the instance as the use case does. */
  pause(paused: boolean): Promise<void>;
  /** Ends every live token of the account and begins another, as the use case does; returns the new one. */
  replaceToken(): Promise<string>;
  /** Gives the instance another upstream, as the use case does. */
  moveTo(upstreamUrl: string): Promise<void>;
  close(): Promise<void>;
}

const usual: RequestListener = (_request, response) => response.end("ok");

/** Needs `LATCHKEY_SECRET`, as the runner of the tests gives it, and `DATABASE_URL` unless one is given. */
export async function openGateWorld(databaseUrl = process.env.DATABASE_URL ?? ""): Promise<GateWorld> {
  const { LATCHKEY_SECRET: secret = "" } = process.env;
  const world = makeWorld(randomUUID());
  const instanceId = world.idOf("closed");
  const token = world.clientTokenOf("closed", "current");
  const target = `/instances/${instanceId}/token/${world.instanceTokenOf("closed")}`;
  let upstreamListener = usual;
  const upstream = createServer((request, response) => upstreamListener(request, response));
  const sockets = new WebSocketServer({ server: upstream });
  sockets.on("connection", (socket) => socket.on("message", (data) => socket.send(data)));
  upstream.listen(0, "127.0.0.1");
  await once(upstream, "listening");
  const upstreamUrl = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  const remove = await seedWorld(databaseUrl, world, upstreamUrl);
  // A pool, because a database that dies in a test takes its connections along.
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  pool.on("error", () => {});
  const change = async (work: (client: pg.PoolClient, accountId: string) => Promise<unknown>) => {
    const client = await pool.connect();
    try {
      await raiseEpochOf(client, instanceId, async (accountId) => void (await work(client, accountId)));
    } finally {
      client.release();
    }
  };
  const call = (gate: LaunchedGate, presented = token) =>
    fetch(`${gate.url + target}/x`, { headers: { "client-token": presented } });
  return {
    world,
    token,
    target,
    upstreamUrl,
    behave(listener = usual) {
      upstreamListener = listener;
    },
    async startGate(env = {}) {
      const started = launch("gate.js", { DATABASE_URL: databaseUrl, LATCHKEY_SECRET: secret, ...env });
      const [, url = ""] = await started.prints(/the gate listens on (\S+)\n/);
      const ready = async () => (await fetch(`${url}/readyz`).catch(() => null))?.status === 200;
      if (!(await waitUntil(ready, { withinMs: 10_000 }))) throw new Error(`not ready: ${started.output()}`);
      return { ...started, url };
    },
    call,
    statusOf: async (gate, presented) => (await call(gate, presented)).status,
    pause: (paused) =>
      change((client) => {
        const pausedAt = paused ? new Date() : null;
        return client.query(`UPDATE "Instance" SET "pausedAt" = $2 WHERE "id" = $1`, [instanceId, pausedAt]);
      }),
    async replaceToken() {
      const next = formatClientToken(randomBytes(32));
      await change(async (client, accountId) => {
        await client.query(
          `UPDATE "ClientToken" SET "state" = 'retired', "retireAt" = now()
            WHERE "accountId" = $1 AND "state" <> 'retired'`,
          [accountId],
        );
        await client.query(
          `INSERT INTO "ClientToken" ("id", "accountId", "state", "digest", "lastFour")
           VALUES ($1, $2, 'current', $3, '0000')`,
          [randomUUID(), accountId, clientTokenDigest(next)],
        );
      });
      return next;
    },
    moveTo: (url) =>
      change((client) =>
        client.query(`UPDATE "Instance" SET "upstreamUrl" = $2 WHERE "id" = $1`, [instanceId, url]),
      ),
    async close() {
      await pool.end();
      await remove();
      upstream.closeAllConnections();
      upstream.close();
    },
  };
}
