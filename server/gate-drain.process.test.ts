import { once } from "node:events";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import WebSocket from "ws";
import { type GateWorld, openGateWorld } from "../test/support/gate-world";
import { killLaunched } from "../test/support/launched";
import { waitUntil } from "./processes";

describe("a gate that is told to stop", () => {
  let world: GateWorld;

  beforeAll(async () => {
    world = await openGateWorld();
  });

  afterEach(async () => {
    killLaunched();
    world.behave();
    await world.pause(false);
  });

  afterAll(() => world.close());

  test("told to stop, it finishes what runs, says goodbye to WebSockets, takes nothing new, and ends", async () => {
    const gate = await world.startGate({ GATE_DRAIN_SECONDS: "5" });
    let finish = () => {};
    world.behave((_request, response) => {
      response.write("half, ");
      finish = () => response.end("whole");
    });
    const answer = await world.call(gate);
    const socket = new WebSocket(`${gate.url.replace("http", "ws") + world.target}/socket`, {
      headers: { "client-token": world.token },
    });
    await once(socket, "open");
    const closed = once(socket, "close") as Promise<[number]>;
    gate.child.kill("SIGTERM");
    expect((await closed)[0]).toBe(1001);
    expect(await waitUntil(async () => !(await fetch(gate.url).catch(() => null)), { withinMs: 3000 })).toBe(
      true,
    );
    finish();
    expect(await answer.text()).toBe("half, whole");
    expect(await gate.ends()).toBe(0);
  });

  test("what does not finish in time is cut off", async () => {
    const gate = await world.startGate({ GATE_DRAIN_SECONDS: "0.5" });
    world.behave((_request, response) => void response.write("for ever"));
    const answer = await world.call(gate);
    const since = performance.now();
    gate.child.kill("SIGTERM");
    expect(await gate.ends()).toBe(0);
    expect(performance.now() - since).toBeLessThan(4000);
    await expect(answer.text()).rejects.toThrow();
  });
});
