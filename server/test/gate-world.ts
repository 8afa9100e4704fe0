import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import pg from "pg";
import { WebSocketServer } from "ws";
import { raiseEpochOf } from "@/lib/gate/conformance/raise-epoch";
import { seedWorld } from "@/lib/gate/conformance/seed";
import { makeWorld, type World } from "@/lib/gate/conformance/world";
import { waitUntil } from "../wait";
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
  close(): Promise<void>;
}

const usual: RequestListener = (_request, response) => response.end("ok");

/** Needs `DATABASE_URL` and `LATCHKEY_SECRET`, as the runner of the tests gives them. */
export async function openGateWorld(): Promise<GateWorld> {
  const { DATABASE_URL: databaseUrl = "", LATCHKEY_SECRET: secret = "" } = process.env;
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
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
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
      raiseEpochOf(client, instanceId, async () => {
        const pausedAt = paused ? new Date() : null;
        await client.query(`UPDATE "Instance" SET "pausedAt" = $2 WHERE "id" = $1`, [instanceId, pausedAt]);
      }),
    async close() {
      await client.end();
      await remove();
      upstream.closeAllConnections();
      upstream.close();
    },
  };
}
