import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { db } from "@/lib/db/client";
import { readPolicies } from "@/lib/db/policy";
import { readDirectoryParts } from "@/lib/db/services";
import type { Actor } from "@/lib/domain/actor";
import { credentialKey, labelKey } from "@/lib/domain/policy-key";
import { makeActor, refusedWith, trail } from "@/test/support/accounts";
import { createInstance, removeInstance } from "../instances/change";
import { readInstance } from "../instances/read";
import { revealInstanceToken } from "../instances/token";
import { changeUpstream } from "../instances/upstream";
import { changeService, createService, removeService } from "./change";
import { listServices } from "./read";

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
    expect(service?.routes).toContainEqual({ template: "/{}/{}/{instance}" });
    expect(service?.strayParameters).toContain("instancename");
    expect(JSON.stringify(service)).not.toContain("global-key");
    expect(await trail(actor)).toEqual(["service.created"]);
  });

  test("is read by gates as it is stored, at the account's epoch", async () => {
    const { serviceId } = await create();
    const { epoch } = await db.account.findUniqueOrThrow({ where: { id: actor.accountId } });
    const [part] = await readDirectoryParts([actor.accountId]);
    expect(part).toMatchObject({ epoch, services: [{ id: serviceId, tokenHeader: "apikey" }] });
    expect(part?.services[0]?.routes).toHaveLength(3);
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
