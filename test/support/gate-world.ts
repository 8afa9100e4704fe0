import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from "node:net";
import pg from "pg";
import { Pool } from "undici";
import { WebSocketServer } from "ws";
import { clientTokenDigest } from "@/lib/crypto/digest";
import { formatClientToken } from "@/lib/domain/token-format";
import { waitUntil } from "@/server/processes";
import { raiseEpochOf, seedWorld } from "@/test/conformance/seed";
import { makeWorld, type World } from "@/test/conformance/world";
import { type Launched, launch } from "./launched";

/** A gate that a test has started. */
interface LaunchedGate extends Launched {
  readonly url: string;
}

/** An instance behind every gate that a test starts, its token enforced, and an upstream behind it. */
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
  const target = world.baseOf("closed");
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
      const [, url = ""] = await started.prints(/Latchkey is ready: (\S+)\n/);
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

/** Callers that ask one gate, one request after the other, until they are told to stop. */
interface LoadCallers {
  /** Answers so far, by status; 0 counts requests without an answer. */
  readonly answers: ReadonlyMap<number, number>;
  /** How many answers there were since the start. */
  answered(): number;
  /** Forgets which answers there were until now. */
  reset(): void;
  stop(): Promise<void>;
}

/** Starts callers that send the same token to the same path. They go on whatever happens. */
export function startCallers(
  url: string,
  target: string,
  { token, count, pauseMs = 0 }: { token: string; count: number; pauseMs?: number },
): LoadCallers {
  const pool = new Pool(url, { connections: count, connect: { timeout: 2000 }, headersTimeout: 10_000 });
  const answers = new Map<number, number>();
  let answered = 0;
  let running = true;
  const ask = async (): Promise<number> => {
    try {
      const { statusCode, body } = await pool.request({
        path: `${target}/x`,
        method: "GET",
        headers: { "client-token": token },
      });
      await body.dump();
      return statusCode;
    } catch {
      return 0;
    }
  };
  const work = async () => {
    while (running) {
      const status = await ask();
      if (status !== 0) answered++;
      answers.set(status, (answers.get(status) ?? 0) + 1);
      if (pauseMs > 0 || status === 0) await new Promise((resolve) => setTimeout(resolve, pauseMs || 20));
    }
  };
  const workers = Array.from({ length: count }, work);
  return {
    answers,
    answered: () => answered,
    reset: () => answers.clear(),
    async stop() {
      running = false;
      await Promise.all(workers);
      await pool.destroy();
    },
  };
}

/** A connection between a process and its database that a test can cut. */
interface TcpLink {
  /** The same address, led through the link. */
  readonly url: string;
  /** Ends all connections and takes no new ones. */
  cut(): void;
  /** Lets nothing through any more, without a word; connections stay open. */
  silence(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Opens a link to the server that a URL names. */
export async function openTcpLink(target: string): Promise<TcpLink> {
  const to = new URL(target);
  const open = new Set<Socket>();
  let state: "whole" | "cut" | "silent" = "whole";
  const server = createTcpServer((near) => {
    if (state === "cut") {
      near.destroy();
      return;
    }
    const far = connect(Number(to.port || 5432), to.hostname);
    for (const [from, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on("error", () => other.destroy());
      from.on("close", () => {
        open.delete(from);
        other.destroy();
      });
      from.on("data", (chunk) => {
        if (state === "whole") other.write(chunk);
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(target);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  const endAll = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: url.href,
    cut() {
      state = "cut";
      endAll();
    },
    silence() {
      state = "silent";
    },
    mend() {
      // What was said into the silence is lost, so its connections are of no use.
      if (state === "silent") endAll();
      state = "whole";
    },
    async close() {
      endAll();
      server.close();
      await once(server, "close");
    },
  };
}
