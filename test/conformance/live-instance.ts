import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, type RequestListener, request } from "node:http";
import { type LiveWorld, required, startWorld } from "./socket-door";

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
  const target = `/instances/${live.world.idOf("open")}/token/${live.world.instanceTokenOf("open")}`;
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
