import { randomUUID } from "node:crypto";
import type { RequestListener } from "node:http";
import { ConfigError } from "@/lib/config/values";
import type { Door } from "./door";
import { rawExchange } from "./raw-client";
import { seedWorld } from "./seed";
import { Recorder, startUpstream } from "./upstream-server";
import { makeWorld, type World } from "./world";

/** A variable that the test runner sets for tests against a running server. */
export function required(
  name: "LATCHKEY_TEST_URL" | "LATCHKEY_TEST_GATE_URL" | "LATCHKEY_TEST_DASHBOARD_URL" | "DATABASE_URL",
): string {
  const value = process.env[name];
  if (!value) throw new ConfigError(`${name}: not set; npm test sets it`);
  return value;
}

/** A world in the database, with an upstream behind it. */
export interface LiveWorld {
  readonly world: World;
  /** Origin of the upstream. */
  readonly upstream: string;
  close(): Promise<void>;
}

/** Starts an upstream and seeds a new world that leads to it. */
export async function startWorld(listener: RequestListener): Promise<LiveWorld> {
  const world = makeWorld(randomUUID());
  const upstream = await startUpstream(listener);
  const remove = await seedWorld(required("DATABASE_URL"), world, upstream.url);
  return {
    world,
    upstream: upstream.url,
    async close() {
      await remove();
      await upstream.close();
    },
  };
}

/** A door behind a socket, with a world of its own. The cases must run one after the other. */
export interface SocketDoor extends Door, LiveWorld {}

/** Opens a door at a base URL; any process that serves instances from this database will do. */
export async function openSocketDoor(kind: Door["kind"], base: string): Promise<SocketDoor> {
  const recorder = new Recorder();
  const live = await startWorld((request, response) => void recorder.listener(request, response));
  return {
    ...live,
    kind,
    async run(entry, canned) {
      recorder.expect(canned);
      const answer = await rawExchange(base, entry);
      return { answer, received: recorder.received };
    },
  };
}
