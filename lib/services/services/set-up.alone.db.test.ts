import { randomUUID } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { namedBy } from "@/lib/domain/named-callers";
import { epochOf, makeActor, refusedWith, trail, whileItWaits } from "@/test/support/accounts";
import { addCaller, addEndpoint, addRejected, minutesAgo } from "@/test/support/callers";
import { createInstance } from "../instances/change";
import { changeInstanceNaming, forecastInstanceNaming } from "../instances/change-naming";
import { listInstances, readInstance } from "../instances/read";
import { readService } from "./read";
import { setUpService } from "./set-up";
import { testService } from "./test-call";

const settings = vi.hoisted(() => ({ allowPrivateUpstreams: true }));

vi.mock("@/lib/config", async (original) => {
  const real = await original<typeof import("@/lib/config")>();
  const config = () => ({
    ...real.config(),
    url: "https://latchkey.test",
    gateUrl: undefined,
    ownHostNames: new Set(["latchkey.test"]),
    ...settings,
  });
  return { ...real, config };
});

let actor: Actor;
const newHost = () => `${randomUUID()}.example.com`;

beforeEach(async () => {
  settings.allowPrivateUpstreams = true;
  actor = await makeActor();
});

/** What the upstream got, and what it answers by path. */
const asked: { url: string; headers: IncomingHttpHeaders }[] = [];
const answers: Record<string, readonly [status: number, type: string]> = {};
const upstream = createServer((request, response) => {
  asked.push({ url: request.url ?? "", headers: request.headers });
  const [status, type] = answers[request.url ?? ""] ?? [200, "application/json"];
  response.writeHead(status, { "content-type": type, location: "http://127.0.0.1:9/" }).end("a secret of it");
});
const upstreamUrl = () => `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;

beforeAll(async () => {
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
});

afterAll(() => {
  upstream.close();
});

const setUp = (more: object = {}, by = actor) =>
  setUpService(by, {
    name: "Evolution",
    preset: "evolution",
    upstreamUrl: upstreamUrl(),
    headers: [{ name: "apikey", value: "global-key" }],
    hosts: [newHost()],
    tokenHeader: "apikey",
    instances: [{ name: "Bakery", label: "bakery" }],
    ...more,
  });

const firstOf = ({ serviceId, instanceIds }: Awaited<ReturnType<typeof setUp>>) => ({
  serviceId,
  instanceId: instanceIds[0] ?? "",
});

describe("setting a service up", () => {
  test("makes it with its instances, each on record", async () => {
    const { serviceId } = await setUp({ instances: [{ label: "a" }, { name: "Bakery", label: "b" }] });
    const service = await readService(actor, { serviceId });
    expect(service).toMatchObject({ instances: 2, headerNames: ["apikey"], tokenHeader: "apikey" });
    expect(service.newest.map(({ name, label }) => `${name} ${label}`).sort()).toEqual(["Bakery b", "a a"]);
    expect(JSON.stringify(service)).not.toContain("global-key");
    expect(await trail(actor)).toEqual(["service.created", "instance.created", "instance.created"]);
  });

  test.each<[given: object, why: string]>([
    [
      {
        instances: [
          { name: "A", label: "a" },
          { name: "B", label: "a" },
        ],
      },
      "instances.1.label:label_taken",
    ],
    [{ instances: [{ name: "A", label: "a b" }] }, "instances.0.label:label_invalid"],
    [{ instances: [{ name: "A" }] }, "instances.0.label:required"],
    [{ preset: "telegram", instances: [{ token: "12:AB" }] }, "instances.0.name:required"],
    [{ hosts: [] }, "hosts:required"],
    [{ hosts: ["latchkey.test"] }, "hosts.0:host_own"],
    [{ upstreamUrl: "" }, "upstreamUrl:required"],
    [{ preset: "telegram", instances: [{ name: "Bot" }] }, "instances.0.token:required"],
    [{ preset: "any", hosts: [], instances: [{ name: "Shop" }] }, "instances.0.host:required"],
    [{ preset: "wuzapi", headers: [{ name: "Token", value: "x" }] }, "headers.0.name:header_names"],
    [{ preset: "wuzapi", headers: [], tokenHeader: "token" }, "tokenHeader:header_names"],
    [{ tokenHeader: "X-Real-IP" }, "tokenHeader:header_reserved"],
    [{ tokenHeader: "Transfer-Encoding" }, "tokenHeader:header_reserved"],
  ])("with %j is refused, and leaves nothing", async (given, why) => {
    const epoch = await epochOf(actor);
    expect(await refusedWith(setUp(given))).toBe(`invalid ${why}`);
    expect(await db.service.count({ where: { accountId: actor.accountId } })).toBe(0);
    expect([await epochOf(actor), await trail(actor)]).toEqual([epoch, []]);
  });

  test("of any API gives each instance its host name", async () => {
    const host = newHost();
    const { instanceIds } = await setUp({ preset: "any", hosts: [], instances: [{ name: "Shop", host }] });
    const [instanceId = ""] = instanceIds;
    expect(await readInstance(actor, { instanceId })).toMatchObject({
      hosts: [host],
      upstreamUrl: upstreamUrl(),
    });
  });

  test("is for one's own account: another one's service is not there", async () => {
    const { serviceId } = await setUp();
    expect(await refusedWith(readService(await makeActor(), { serviceId }))).toBe("not_found");
  });
});

describe("a test call", () => {
  test("brings the stored key to the upstream, and tells the status alone", async () => {
    const made = firstOf(await setUp());
    const outcome = await testService(actor, made);
    expect(outcome).toEqual({ kind: "answered", status: 200, means: "good" });
    expect(asked.at(-1)).toMatchObject({
      url: "/instance/connectionState/bakery",
      headers: { apikey: "global-key" },
    });
  });

  test("names the instance by its credential where the service does", async () => {
    const given = { headers: [], tokenHeader: "" };
    const path = firstOf(
      await setUp({ ...given, preset: "telegram", instances: [{ name: "Bot", token: "12:AB" }] }),
    );
    await testService(actor, path);
    expect(asked.at(-1)?.url).toBe("/bot12:AB/getMe");
    const header = firstOf(
      await setUp({ ...given, preset: "wuzapi", instances: [{ name: "User", token: "t0ken" }] }),
    );
    await testService(actor, header);
    expect(asked.at(-1)).toMatchObject({ url: "/session/status", headers: { token: "t0ken" } });
  });

  test.each([
    [401, "application/json", "key"],
    [404, "text/html", "unknown"],
    [302, "text/html", "elsewhere"],
    [200, "text/html; charset=utf-8", "page"],
    [500, "application/json", "broken"],
  ] as const)("that is answered %i %s means %s, and follows nothing", async (status, type, means) => {
    const instances = [{ name: "X", label: `x-${means}` }];
    answers[`/instance/connectionState/x-${means}`] = [status, type];
    const made = firstOf(await setUp({ instances }));
    expect(await testService(actor, made)).toEqual({ kind: "answered", status, means });
  });

  test("that is refused is told from one that had no key to bring, or the instance's credential alone", async () => {
    const given = { headers: [], tokenHeader: "" };
    answers["/api/w1/check-connection-session"] = [401, "application/json"];
    const keyless = firstOf(await setUp({ ...given, preset: "wppconnect", instances: [{ label: "w1" }] }));
    expect(await testService(actor, keyless)).toMatchObject({ status: 401, means: "keyless" });
    answers["/bot13:AB/getMe"] = [401, "application/json"];
    const bot = [{ name: "Bot", token: "13:AB" }];
    const credential = firstOf(await setUp({ ...given, preset: "telegram", instances: bot, name: "Bots" }));
    expect(await testService(actor, credential)).toMatchObject({ status: 401, means: "credential" });
  });

  test("says why there was no answer", async () => {
    const closed = firstOf(await setUp({ upstreamUrl: "http://127.0.0.1:1" }));
    expect(await testService(actor, closed)).toEqual({ kind: "unanswered", why: "closed" });
    const nowhere = firstOf(
      await setUp({ upstreamUrl: "http://nothing.invalid", instances: [{ name: "N", label: "n" }] }),
    );
    expect(await testService(actor, nowhere)).toMatchObject({ kind: "unanswered" });
  });

  test("goes to no private network where upstreams may not", async () => {
    const made = firstOf(await setUp());
    const before = asked.length;
    settings.allowPrivateUpstreams = false;
    expect(await testService(actor, made)).toEqual({ kind: "unanswered", why: "private" });
    expect(asked.length).toBe(before);
  });

  test("is for instances of the service only", async () => {
    const { serviceId } = await setUp();
    const { instanceId } = await createInstance(actor, { name: "Other" });
    expect(await refusedWith(testService(actor, { serviceId, instanceId }))).toBe("not_found");
  });
});

describe("what callers call an instance", () => {
  test("can be changed, and is then found by searching", async () => {
    const { instanceId } = firstOf(await setUp());
    const host = newHost();
    const epoch = await epochOf(actor);
    await changeInstanceNaming(actor, { instanceId, label: "patisserie", hosts: [host] });
    expect(await readInstance(actor, { instanceId })).toMatchObject({ label: "patisserie", hosts: [host] });
    expect((await listInstances(actor, { search: "PATISS" })).matching).toBe(1);
    expect(await epochOf(actor)).toBeGreaterThan(epoch);
    expect(await trail(actor)).toContain("instance.naming_changed");
  });

  test("stays on no record when it is as it was", async () => {
    const { instanceId } = firstOf(await setUp());
    await changeInstanceNaming(actor, { instanceId, label: "bakery", hosts: [] });
    expect(await trail(actor)).not.toContain("instance.naming_changed");
  });

  test("is none that another instance of the service has, nor none at all where requests need one", async () => {
    const instances = ["a", "b"].map((label) => ({ name: label, label }));
    const { instanceId } = firstOf(await setUp({ instances }));
    const change = (label: string, hosts: string[] = []) =>
      refusedWith(changeInstanceNaming(actor, { instanceId, label, hosts }));
    expect(await change("b")).toBe("invalid label:label_taken");
    expect(await change("")).toBe("invalid label:required");
    const { hosts } = await readService(actor, { serviceId: (await setUp({ instances: [] })).serviceId });
    expect(await change("a", [...hosts])).toBe("invalid hosts:host_taken");
    expect(await readInstance(actor, { instanceId })).toMatchObject({ label: "a", hosts: [] });
  });

  describe("is asked for once it was read whom a change turns away:", () => {
    const sending = "POST /message/sendText/{instance}";
    let host: string;
    let instanceId: string;

    beforeEach(async () => {
      host = newHost();
      const instances = ["bakery", "butcher"].map((label) => ({ name: `The ${label}`, label }));
      const made = await setUp({ instances });
      ({ instanceId } = firstOf(made));
      await calls("butchers", sending, made.instanceIds[1]);
    });

    async function calls(agent: string, endpoint: string, of = instanceId) {
      const id = await addCaller(actor, of, { agent, token: "missing", at: minutesAgo(5) });
      await addEndpoint(id, endpoint);
      return id;
    }

    const shall = (label: string, hosts: string[] = []) => ({ instanceId, label, hosts });
    const forecast = (label: string, hosts: string[] = []) =>
      forecastInstanceNaming(actor, shall(label, hosts));
    const save = (more: object, label = "patisserie") =>
      changeInstanceNaming(actor, { ...shall(label), ...more });
    const stored = () => readInstance(actor, { instanceId });

    test("who names it in the path is named with what is lost, and the instance's name is asked for", async () => {
      await calls("n8n", sending);
      await calls("monitor", "GET /");
      await addRejected(actor, instanceId, { agent: "stranger", reason: "not_found", acceptedAt: null });
      const found = await forecast("patisserie");
      expect(found).toMatchObject({
        change: "service",
        rejected: { total: 1, callers: [{ agent: "n8n", endpoints: [sending] }] },
        maybe: { total: 0 },
        untouched: 2,
      });
      const before = [await epochOf(actor), await trail(actor)];
      const named = namedBy(found);
      expect(await refusedWith(save({ confirmName: "The bakery" }))).toBe(
        "invalid confirmName:callers_changed",
      );
      expect(await refusedWith(save({ named, confirmName: "bakery" }))).toBe(
        "invalid confirmName:name_mismatch",
      );
      expect([await epochOf(actor), await trail(actor)]).toEqual(before);
      expect(await stored()).toMatchObject({ label: "bakery" });
      await save({ named, confirmName: "The bakery" });
      expect(await stored()).toMatchObject({ label: "patisserie" });
      expect(await forecast("patisserie"), "done already").toBeNull();
    });

    test("everybody who was ever let in may call under a host name that is taken away", async () => {
      await changeInstanceNaming(actor, shall("bakery", [host]));
      await calls("n8n", sending);
      await addRejected(actor, instanceId, { agent: "stranger", reason: "not_found", acceptedAt: null });
      expect(await forecast("bakery", [host, newHost()]), "one more").toBeNull();
      expect(await forecast("bakery", [newHost()])).toMatchObject({
        rejected: { total: 0 },
        maybe: { total: 1 },
        untouched: 1,
      });
      expect(await refusedWith(save({}, "bakery"))).toBe("invalid confirmName:name_mismatch");
    });

    test("the same without a service", async () => {
      ({ instanceId } = await createInstance(actor, { name: "Alone" }));
      await changeInstanceNaming(actor, shall("", [host]));
      await calls("n8n", "POST /send");
      expect(await forecast("")).toMatchObject({ rejected: { total: 0 }, maybe: { total: 1 } });
    });

    test("nobody is told a name that cannot be, nor anything of another account's", async () => {
      await calls("n8n", sending);
      expect(await refusedWith(forecast("butcher"))).toBe("invalid label:label_taken");
      const other = await makeActor();
      expect(await refusedWith(forecastInstanceNaming(other, shall("patisserie")))).toBe("not_found");
    });

    test("who called first while the click waited for its turn is read of first", async () => {
      const waiting = whileItWaits(
        actor,
        () => refusedWith(save({ confirmName: "The bakery" })),
        () => calls("n8n", sending),
      );
      expect(await waiting).toBe("invalid confirmName:callers_changed");
    });
  });
});
