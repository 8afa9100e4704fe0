import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { db } from "@/lib/db/client";
import { readPolicies } from "@/lib/db/policy";
import { readDirectoryParts } from "@/lib/db/services";
import type { Actor } from "@/lib/domain/actor";
import { namedBy } from "@/lib/domain/named-callers";
import { credentialKey, labelKey } from "@/lib/domain/policy-key";
import { presets } from "@/lib/domain/preset";
import { epochOf, makeActor, refusedWith, trail, whileItWaits } from "@/test/support/accounts";
import { addCaller, addEndpoint, minutesAgo } from "@/test/support/callers";
import { createInstance, removeInstance } from "../instances/change";
import { readInstance } from "../instances/read";
import { revealInstanceToken } from "../instances/token";
import { changeUpstream } from "../instances/upstream";
import { changeService, createService, forecastService, removeService } from "./change";
import { listServices, readService } from "./read";

const settings = vi.hoisted(() => ({ url: "https://latchkey.test" as string | undefined }));

vi.mock("@/lib/config", async (original) => {
  const real = await original<typeof import("@/lib/config")>();
  const config = () => {
    const gate = { ...real.config().gate, domain: "gate.test" };
    const { url } = settings;
    const ownHostNames = new Set(url === undefined ? [] : [new URL(url).hostname]);
    return { ...real.config(), gate, url, ownHostNames, allowPrivateUpstreams: false };
  };
  return { ...real, config };
});

let actor: Actor;
const newHost = () => `${randomUUID()}.example.com`;

beforeEach(async () => {
  settings.url = "https://latchkey.test";
  actor = await makeActor();
});

const create = (more: object = {}, by = actor) =>
  createService(by, {
    name: "Evolution",
    preset: "evolution",
    upstreamUrl: "https://evolution.example.com",
    headers: [{ name: "apikey", value: "global-key" }],
    hosts: [newHost()],
    tokenHeader: "ApiKey",
    ...more,
  });

const change = (serviceId: string, more: object = {}) =>
  changeService(actor, {
    serviceId,
    name: "Evolution",
    upstreamUrl: "https://evolution.example.com",
    headers: [{ name: "apikey", value: null }],
    hosts: [],
    routes: [{ template: "/message/{}/{instance}" }],
    strayParameters: [],
    ...more,
  });

describe("a service", () => {
  test("has the routes of its preset, and shows everything but its key", async () => {
    const host = newHost();
    await create({ hosts: [` ${host.toUpperCase()}. `] });
    const [service] = await listServices(actor);
    expect(service).toMatchObject({
      hosts: [host],
      tokenHeader: "apikey",
      headerNames: ["apikey"],
      instances: 0,
    });
    expect(service?.routes).toEqual(presets.evolution.routes);
    expect(service?.strayParameters).toContain("instancename");
    expect(JSON.stringify(service)).not.toContain("global-key");
    expect(await trail(actor)).toEqual(["service.created"]);
  });

  test("is read by gates as it is stored, at the account's epoch", async () => {
    const { serviceId } = await create();
    const { epoch } = await db.account.findUniqueOrThrow({ where: { id: actor.accountId } });
    const [part] = await readDirectoryParts([actor.accountId]);
    expect(part).toMatchObject({ epoch, services: [{ id: serviceId, tokenHeader: "apikey" }] });
    expect(part?.services[0]?.routes).toHaveLength(presets.evolution.routes.length);
  });

  test.each([
    [[{ template: "/a/{instance}" }, { template: "/{}/b{instance}" }], "routes:routes_overlap"],
    [[{ template: "/a/{}" }], "routes:route_nobody"],
    [[{ template: "/a/{instance}", body: "/session" }], "routes:route_twice"],
    [[{ template: "a/{instance}" }], "routes:route_invalid"],
    [[{ template: "/a", body: "session" }], "routes:route_pointer"],
  ])("with routes %j is refused", async (routes, why) => {
    expect(await refusedWith(create({ routes }))).toBe(`invalid ${why}`);
  });

  test("names both templates that could match one path", async () => {
    const routes = [{ template: "/a/{instance}" }, { template: "/{}/b{instance}" }];
    await expect(create({ routes })).rejects.toMatchObject({
      fields: [{ params: { template: "/a/{instance}", other: "/{}/b{instance}" } }],
    });
  });

  test.each([
    ["latchkey.test", "host_own"],
    ["gate.test", "host_own"],
    ["127.0.0.1", "host_invalid"],
    ["0x7f.1", "host_invalid"],
    ["[::1]", "host_invalid"],
    ["api.localhost", "host_invalid"],
    ["api.example.com:8080", "host_invalid"],
    ["a b.example.com", "host_invalid"],
    ["*.example.com", "host_invalid"],
  ])("cannot have the host name %s", async (host, why) => {
    expect(await refusedWith(create({ hosts: [host] }))).toBe(`invalid hosts.0:${why}`);
  });

  test("has only names of the domain that is set aside while the dashboard is under any name", async () => {
    settings.url = undefined;
    expect(await refusedWith(create({ hosts: ["api.example.com"] }))).toBe("invalid hosts.0:host_closed");
    expect(await refusedWith(create({ hosts: ["a.b.gate.test"] }))).toBe("invalid hosts.0:host_closed");
    await create({ hosts: [`${randomUUID()}.gate.test`] });
  });

  test("has no upstream in a private network", async () => {
    expect(await refusedWith(create({ upstreamUrl: "http://10.0.0.1" }))).toBe(
      "invalid upstreamUrl:url_private",
    );
  });

  test("keeps its key when it is changed, unless its upstream becomes another", async () => {
    const { serviceId } = await create();
    await change(serviceId, { upstreamUrl: "https://evolution.example.com/v2" });
    expect(await refusedWith(change(serviceId, { upstreamUrl: "https://evil.example.com" }))).toBe(
      "invalid headers.0.value:required",
    );
    expect((await listServices(actor))[0]).toMatchObject({
      hosts: [],
      routes: [{ template: "/message/{}/{instance}" }],
    });
  });

  test("is found by its own account only", async () => {
    const { serviceId } = await create();
    const stranger = await makeActor();
    expect(await refusedWith(removeService(stranger, { serviceId, confirmName: "Evolution" }))).toBe(
      "not_found",
    );
    expect(await refusedWith(createInstance(stranger, { name: "X", serviceId, label: "x" }))).toBe(
      "not_found",
    );
    expect(await listServices(stranger)).toEqual([]);
  });

  test("stays while an instance is called through it", async () => {
    const { serviceId } = await create();
    const { instanceId } = await createInstance(actor, { name: "Bakery", serviceId, label: "bakery" });
    const remove = () => removeService(actor, { serviceId, confirmName: "Evolution" });
    expect(await refusedWith(remove())).toBe("invalid confirmName:service_in_use");
    await removeInstance(actor, { instanceId, confirmName: "Bakery" });
    await remove();
    expect(await db.hostName.count({ where: { accountId: actor.accountId } })).toBe(0);
  });
});

describe("a host name", () => {
  test("belongs to one, whatever its case, and of two at once one gets it; the other hears no more than that", async () => {
    const host = newHost();
    const others = await Promise.all([makeActor(), makeActor()]);
    const outcomes = await Promise.allSettled(
      [host, `${host.toUpperCase()}.`].map((name, at) => create({ hosts: [name] }, others[at])),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await refusedWith(create({ hosts: [host] }))).toBe("invalid hosts:host_taken");
    await expect(create({ hosts: [host] })).rejects.toMatchObject({
      fields: [{ field: "hosts", code: "host_taken", params: { host } }],
    });
    expect(await refusedWith(createInstance(actor, { name: "A", host }))).toBe("invalid host:host_taken");
    expect(await trail(actor)).toEqual([]);
  });

  test("is free again when it is given up", async () => {
    const host = newHost();
    const { serviceId } = await create({ hosts: [host] });
    await change(serviceId);
    const { instanceId } = await createInstance(actor, { name: "A", host });
    const [part] = await readDirectoryParts([actor.accountId]);
    expect(part?.instanceHosts).toEqual([[host, instanceId, null]]);
  });
});

describe("an instance of a service", () => {
  test("is found by its name within the service, compared exactly, and leads where the service leads", async () => {
    const { serviceId } = await create();
    const { instanceId } = await createInstance(actor, { name: "Bakery", serviceId, label: "bakery" });
    const keys = ["bakery", "Bakery", "other"].map((label) => labelKey(serviceId, label));
    const { policies } = await readPolicies([...keys, instanceId]);
    expect([...policies.keys()].sort()).toEqual([keys[0], instanceId].sort());
    for (const policy of policies.values())
      expect(policy).toMatchObject({ instanceId, serviceId, upstreamUrl: "https://evolution.example.com" });
    expect(policies.get(instanceId)?.serviceHeadersSealed).not.toBeNull();
  });

  test("keeps a credential that exists, and is found by it", async () => {
    const { serviceId } = await create({ preset: "telegram" });
    const token = "123456:ABC-def";
    const { instanceId } = await createInstance(actor, { name: "Bot", serviceId, token });
    expect((await revealInstanceToken(actor, { instanceId })).token).toBe(token);
    const row = await db.instance.findUniqueOrThrow({ where: { id: instanceId } });
    const key = credentialKey(serviceId, row.tokenDigest);
    const { policies } = await readPolicies([key, credentialKey(randomUUID(), row.tokenDigest)]);
    expect([...policies].map(([by, policy]) => [by, policy.instanceId])).toEqual([[key, instanceId]]);
    const again = createInstance(actor, { name: "Bot 2", serviceId, token });
    expect(await refusedWith(again)).toBe("invalid token:credential_taken");
  });

  test.each([
    [{ label: "bakery" }, "label:label_taken"],
    [{}, "label:required"],
    [{ label: "a b" }, "label:label_invalid"],
    [{ label: "a%62" }, "label:label_invalid"],
    [{ label: ".." }, "label:label_invalid"],
    [{ label: "x".repeat(101) }, "label:label_invalid"],
    [{ label: "x", token: "a/b" }, "token:credential_invalid"],
    [{ label: "x", upstreamUrl: "https://evil.example.com" }, "upstreamUrl:by_service"],
  ])("with %j is refused", async (given, why) => {
    const { serviceId } = await create();
    await createInstance(actor, { name: "Bakery", serviceId, label: "bakery" });
    expect(await refusedWith(createInstance(actor, { name: "Two", serviceId, ...given }))).toBe(
      `invalid ${why}`,
    );
  });

  test("answers in the style of its service, which stays where a change names none", async () => {
    const { serviceId } = await create({ answerStyle: "z_api" });
    const { instanceId } = await createInstance(actor, { name: "Bakery", serviceId, label: "bakery" });
    expect((await readInstance(actor, { instanceId })).answerStyle).toBeNull();
    const style = async () => (await listServices(actor))[0]?.answerStyle;
    await change(serviceId);
    expect(await style()).toBe("z_api");
    await change(serviceId, { answerStyle: "unauthorized" });
    expect(await style()).toBe("unauthorized");
  });

  test("cannot be led elsewhere, where its service's key would go too", async () => {
    const { serviceId } = await create();
    const { instanceId } = await createInstance(actor, { name: "Bakery", serviceId, label: "bakery" });
    const upstream = {
      instanceId,
      upstreamUrl: "https://evil.example.com",
      headers: [],
      firstByteSeconds: "",
    };
    expect(await refusedWith(changeUpstream(actor, upstream))).toBe("invalid upstreamUrl:by_service");
  });

  test("may have the name that one of another account has", async () => {
    const other = await makeActor();
    for (const each of [actor, other]) {
      const { serviceId } = await create({}, each);
      await createInstance(each, { name: "Bakery", serviceId, label: "bakery" });
    }
  });
});

describe("a change of a service's routes", () => {
  const sending = { template: "/message/{}/{instance}" };
  const asking = { template: "/chat/{}/{instance}" };
  let serviceId: string;
  let host: string;

  /** A new caller of an instance of the service, and what it calls. */
  async function calls(agent: string, label: string, endpoint: string) {
    const { instanceId } = await createInstance(actor, { name: label, serviceId, label });
    const id = await addCaller(actor, instanceId, { agent, token: "missing", at: minutesAgo(5) });
    await addEndpoint(id, endpoint);
    return id;
  }

  beforeEach(async () => {
    host = newHost();
    ({ serviceId } = await create({
      hosts: [host],
      routes: [sending, asking],
      strayParameters: [],
      tokenHeader: "",
    }));
  });

  const shall = (more: object) => ({
    serviceId,
    name: "Evolution",
    upstreamUrl: "https://evolution.example.com",
    headers: [{ name: "apikey", value: null }],
    hosts: [host],
    routes: [sending, asking],
    strayParameters: [],
    ...more,
  });
  const forecast = (more: object) => forecastService(actor, shall(more));
  const save = (more: object) => changeService(actor, shall(more));
  const named = async (more: object) => namedBy(await forecast(more));
  const stored = async () => (await readService(actor, { serviceId })).routes;

  test("says by name whom it turns away and what they lose, and is not made without the service's name", async () => {
    await calls("n8n", "bakery", "POST /message/sendText/{instance}");
    await calls("script", "butcher", "POST /chat/find/butcher");
    const change = { routes: [sending] };
    expect(await forecast(change)).toMatchObject({
      change: "service",
      rejected: {
        total: 1,
        callers: [{ agent: "script", instanceName: "butcher", endpoints: ["POST /chat/find/butcher"] }],
      },
      maybe: { total: 0 },
      untouched: 1,
    });
    const before = [await epochOf(actor), await trail(actor)];
    expect(await refusedWith(save(change))).toBe("invalid confirmation:required");
    const confirmed = { ...change, named: await named(change) };
    expect(await refusedWith(save({ ...confirmed, confirmation: "Gateway" }))).toBe(
      "invalid confirmation:name_mismatch",
    );
    expect([await epochOf(actor), await trail(actor), await stored()]).toEqual([
      ...before,
      [sending, asking],
    ]);
    await save({ ...confirmed, confirmation: "Evolution" });
    expect(await stored()).toEqual([sending]);
    expect(await forecast(change), "done already").toBeNull();
  });

  test("turns nobody away whom the question did not name: who called what is lost since then is read of first", async () => {
    await calls("script", "butcher", "POST /chat/find/{instance}");
    const other = await calls("n8n", "bakery", "POST /message/sendText/{instance}");
    const change = { routes: [sending], confirmation: "Evolution" };
    const earlier = await named({ routes: [sending] });
    await addEndpoint(other, "GET /chat/find/{instance}");
    expect(await refusedWith(save({ ...change, named: earlier }))).toBe(
      "invalid confirmation:callers_changed",
    );
    expect(await stored()).toEqual([sending, asking]);
    await save({ ...change, named: await named({ routes: [sending] }) });
  });

  test("names everybody where it turns away by what nobody remembers", async () => {
    await calls("n8n", "bakery", "POST /message/sendText/{instance}");
    for (const change of [{ hosts: [] }, { strayParameters: ["session"] }]) {
      expect(await forecast(change)).toMatchObject({ rejected: { total: 0 }, maybe: { total: 1 } });
      expect(await refusedWith(save(change))).toBe("invalid confirmation:required");
    }
  });

  test("says who is led to another upstream, and asks for no name: nobody is rejected", async () => {
    await calls("n8n", "bakery", "POST /message/sendText/{instance}");
    const change = { upstreamUrl: "https://evolution.example.com/v2" };
    expect(await forecast(change)).toMatchObject({ moved: { total: 1 }, maybe: { total: 0 } });
    await save(change);
  });

  test("does not tell whether a header's value was guessed", async () => {
    for (const value of ["global-key", "another"])
      expect(await forecast({ headers: [{ name: "apikey", value }] })).toMatchObject({ change: "service" });
  });

  test("of another account is told nobody, and neither are its callers", async () => {
    expect(await refusedWith(forecastService(await makeActor(), shall({ routes: [] })))).toBe("not_found");
  });

  test("judges what was written while the click waited for its turn", async () => {
    const caller = await calls("n8n", "bakery", "POST /message/sendText/{instance}");
    const waiting = whileItWaits(
      actor,
      () => refusedWith(save({ routes: [sending] })),
      () => addEndpoint(caller, "GET /chat/find/{instance}"),
    );
    expect(await waiting).toBe("invalid confirmation:required");
  });
});
