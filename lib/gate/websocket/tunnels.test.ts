import { Duplex } from "node:stream";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { seal } from "@/lib/crypto/sealed-box";
import { type InstancePolicy, knownCallerKey } from "@/lib/domain/gate";
import { makeWorld, policyOf } from "@/test/conformance/world";
import { testRequest } from "@/test/support/gate";
import { gatherFacts } from "../decide/judge";
import type { CallerEvent } from "../observe/caller-event";
import { Tunnels } from "./tunnel";

const world = makeWorld("tunnels");
const side = () => new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
const id = world.idOf("open");

describe("an open tunnel", () => {
  let policy: InstancePolicy;
  let tunnels: Tunnels;
  let client: Duplex;
  let upstream: Duplex;
  const seen: CallerEvent[] = [];

  beforeEach(() => {
    vi.useFakeTimers({ now: Date.UTC(2026, 10, 24, 12) });
    const given = policyOf(id, world, "http://127.0.0.1:1", seal);
    if (!given) throw new Error("no policy");
    policy = given;
    tunnels = new Tunnels({
      readPolicy: () => policy,
      now: () => new Date(),
      onFailure: () => {},
      observe: (observation) => void seen.push(observation),
    });
    const request = testRequest({
      target: `${world.baseOf("open")}/chat/12345?x=1`,
      headers: ["user-agent", "chat/1"],
    });
    [client, upstream] = [side(), side()];
    const { accountId } = policy;
    tunnels.open({ client, upstream, accountId, gathered: gatherFacts(request), method: request.method });
  });

  afterEach(() => {
    tunnels.close();
    seen.length = 0;
    vi.useRealTimers();
  });

  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  /** A frame every second, as long as that. */
  async function talk(seconds: number): Promise<void> {
    for (let n = 0; n < seconds; n++) {
      client.push("x");
      await pass(1000);
    }
  }

  const sight = { requests: 0, outcome: "accepted", token: "missing", userAgent: "chat/1", method: "GET" };

  test("is seen once a minute while it carries bytes, as its caller and not as a request", async () => {
    await talk(200);
    expect(seen).toHaveLength(3);
    expect(seen[0]).toMatchObject({ ...sight, instanceId: id, clientAddress: "203.0.113.9" });
    expect(seen[2]?.at).toBeGreaterThan((seen[0]?.at ?? 0) + 100_000);
  });

  test("is not seen while nothing passes", async () => {
    await pass(600_000);
    expect(seen).toEqual([]);
  });

  test("is seen soon after its account changed, with what it is worth now, once bytes pass", async () => {
    await talk(10);
    tunnels.judge(policy.accountId);
    await pass(10_000);
    expect(seen, "bytes of before prove nothing").toEqual([]);
    await talk(3);
    expect(seen).toMatchObject([sight]);
    tunnels.judge("another account");
    await talk(10);
    expect(seen).toHaveLength(1);
  });

  test("that would not be let in now is closed, and is one rejected request with its reason", async () => {
    await talk(5);
    policy = { ...policy, enforcement: "on" };
    tunnels.judge(policy.accountId);
    tunnels.judge(policy.accountId);
    await talk(10);
    expect(seen).toMatchObject([{ ...sight, requests: 1, outcome: "missing" }]);
    expect(client.destroyed && upstream.destroyed).toBe(true);
    expect(tunnels.size).toBe(0);
  });

  test("that ended by itself is not rejected any more", async () => {
    policy = { ...policy, paused: true };
    client.destroy();
    await pass(1);
    tunnels.judge(policy.accountId);
    await pass(5000);
    expect(seen).toEqual([]);
  });

  test("whose instance is gone tells nobody", async () => {
    policy = { ...policy, tokenDigest: "x".repeat(policy.tokenDigest.length) };
    await pass(5000);
    expect(client.destroyed).toBe(true);
    expect(seen).toEqual([]);
  });

  test("of a known caller is closed once its grace or the time of all is over, and counts as rejected", async () => {
    const open = policy;
    const known = new Set([knownCallerKey("203.0.113.9", "chat")]);
    policy = { ...open, enforcement: "grace", graceUntil: new Date(Date.now() + 5000), known };
    await pass(4000);
    expect(tunnels.size).toBe(1);
    await pass(4000);
    expect(tunnels.size).toBe(0);
    expect(seen).toMatchObject([{ outcome: "missing", requests: 1, userAgent: "chat/1" }]);
  });

  test.each([
    ["whose grace was ended", new Set<string>()],
    ["of a stranger", new Set([knownCallerKey("203.0.113.9", "curl")])],
  ])("%s is closed at the change", async (_whose, known) => {
    policy = { ...policy, enforcement: "grace", graceUntil: new Date(Date.now() + 600_000), known };
    tunnels.judge(policy.accountId);
    await pass(1500);
    expect(tunnels.size).toBe(0);
  });
});
