import { Duplex } from "node:stream";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { config } from "@/lib/config";
import { instanceTokenDigest } from "@/lib/crypto/digest";
import { adoptSecret, keysOf, readSecretsAgain, secretInUse } from "@/lib/crypto/keys";
import { seal } from "@/lib/crypto/sealed-box";
import { type InstancePolicy, knownCallerKey, packDigest } from "@/lib/domain/gate";
import { makeWorld, policyOf } from "@/test/conformance/world";
import { testBodies, testRequest } from "@/test/support/gate";
import type { CallerEvent } from "../observe/caller-event";
import { HostDirectory } from "../policy/host-directory";
import { Tunnels } from "./tunnel";

const settings: { secrets?: () => readonly string[] } = vi.hoisted(() => ({}));

vi.mock("@/lib/config", async (original) => {
  const real = await original<typeof import("@/lib/config")>();
  return { ...real, config: () => ({ ...real.config(), ...settings }) };
});

const world = makeWorld("tunnels");
const side = () => new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
const id = world.idOf("open");

describe("an open tunnel", () => {
  let policy: InstancePolicy;
  let tunnels: Tunnels;
  let client: Duplex;
  let upstream: Duplex;
  /** The instance that the host name shop.example leads to; null: none. */
  let atShop: string | null;
  let directory: HostDirectory;
  const seen: CallerEvent[] = [];

  beforeEach(async () => {
    vi.useFakeTimers({ now: Date.UTC(2026, 10, 24, 12) });
    const given = policyOf(id, world, "http://127.0.0.1:1", seal);
    if (!given) throw new Error("no policy");
    policy = given;
    const { accountId, instanceId } = policy;
    atShop = instanceId;
    let epoch = 0n;
    const instanceHosts = () => (atShop === null ? [] : [["shop.example", atShop, null] as const]);
    directory = new HostDirectory({
      domain: null,
      ownNames: new Set(),
      readParts: async () => [{ accountId, epoch, services: [], instanceHosts: instanceHosts() }],
      readEpochs: async () => new Map([[accountId, ++epoch]]),
    });
    await directory.compare();
    tunnels = new Tunnels({
      directory,
      readPolicy: (key) => (key === id ? policy : { ...policy, instanceId: key }),
      now: () => new Date(),
      log: { info: () => {}, error: () => {} },
      bodies: testBodies,
      observe: (observation) => void seen.push(observation),
    });
    const request = testRequest({
      target: `${world.baseOf("open")}/chat/12345?x=1`,
      headers: ["user-agent", "chat/1"],
    });
    [client, upstream] = [side(), side()];
    tunnels.open({ client, upstream, accountId, instanceId, request });
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

  test("goes on while the secret is replaced under which its tokens are kept", async () => {
    const before = secretInUse();
    const secrets = [...config().secrets(), "the secret that takes the place of the first one"];
    settings.secrets = () => secrets;
    try {
      readSecretsAgain();
      adoptSecret(keysOf(secrets.at(-1) ?? "").id, []);
      policy = { ...policy, tokenDigest: packDigest(instanceTokenDigest(world.instanceTokenOf("open"))) };
      await pass(5000);
      expect(tunnels.size).toBe(1);
    } finally {
      delete settings.secrets;
      adoptSecret(before, []);
    }
  });

  test.each([
    ["nobody's", null],
    ["another instance's", "another"],
  ])("under a host name that becomes %s is closed, and tells nobody", async (_whose, next) => {
    const { accountId, instanceId } = policy;
    const request = testRequest({ target: "/chat", host: "shop.example" });
    const shop = side();
    tunnels.open({ client: shop, upstream: side(), accountId, instanceId, request });
    await pass(5000);
    expect(shop.destroyed).toBe(false);
    atShop = next;
    await directory.compare();
    await pass(5000);
    expect(shop.destroyed).toBe(true);
    expect([client.destroyed, seen]).toEqual([false, []]);
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
