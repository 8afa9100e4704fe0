import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, type RequestListener, request } from "node:http";
import { ConfigError, settingProblem } from "@/lib/config/values";
import type { Door } from "./case";
import { rawExchange } from "./raw-client";
import { seedWorld } from "./seed";
import { Recorder, startUpstreamServer } from "./upstreams";
import { makeWorld, type World } from "./world";

/** A variable that the test runner sets for tests against a running server. */
export function required(
  name: "LATCHKEY_TEST_URL" | "LATCHKEY_TEST_GATE_URL" | "LATCHKEY_TEST_DASHBOARD_URL" | "DATABASE_URL",
): string {
  const value = process.env[name];
  if (!value) throw new ConfigError([settingProblem(name, "notSet")]);
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
  const upstream = await startUpstreamServer(listener);
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

/** An open instance on the server under test, whose upstream each test replaces. */
export interface LiveInstance {
  /** URL of the instance, without a path. */
  readonly url: string;
  /** The same, as the target of a raw request. */
  readonly target: string;
  /** From now on, this is the upstream. */
  behave(upstream: RequestListener): void;
  close(): Promise<void>;
}

/** The doors that one can call, by the variable that holds their base URL. */
export const liveDoors = [
  ["the gate", "LATCHKEY_TEST_GATE_URL"],
  ["the route handler", "LATCHKEY_TEST_DASHBOARD_URL"],
] as const;

/** @param door the variable that holds its base URL */
export async function openLiveInstance(door: (typeof liveDoors)[number][1]): Promise<LiveInstance> {
  const base = required(door);
  let upstream: RequestListener = (_request, response) => response.end();
  const live: LiveWorld = await startWorld((incoming, response) => upstream(incoming, response));
  const target = live.world.baseOf("open");
  return {
    url: base + target,
    target,
    behave(listener) {
      upstream = listener;
    },
    close: live.close,
  };
}

/** Starts a request on a connection of its own; the caller writes and ends it. */
export function start(url: string, method = "GET", headers: Record<string, string> = {}): ClientRequest {
  return request(url, { method, headers, agent: false });
}

/** Waits for the head of the answer. */
export async function head(outgoing: ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  return response;
}

/** A promise and the function that fulfils it. */
export function signal<T = void>(): { readonly fired: Promise<T>; fire(value: T): void } {
  let fire: (value: T) => void = () => {};
  const fired = new Promise<T>((resolve) => {
    fire = resolve;
  });
  return { fired, fire: (value) => fire(value) };
}
