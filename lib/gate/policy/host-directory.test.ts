import { beforeEach, describe, expect, test } from "vitest";
import type { DirectoryPart } from "@/lib/db/services";
import { parseRouteTemplate, type RouteTemplate } from "@/lib/domain/route-template";
import { HostDirectory } from "./host-directory";

/** The database as it is, and readings that a test holds back. */
const database = new Map<string, DirectoryPart>();
let readings: string[][];
let down: boolean;
let held: Promise<void> | null;
let directory: HostDirectory;

function put(
  accountId: string,
  epoch: bigint,
  hosts: readonly string[],
  instanceHosts: [string, string, string | null][] = [],
) {
  const template = parseRouteTemplate("/x/{instance}") as RouteTemplate;
  const routes = [{ methods: [], template, namedIn: { kind: "path" } as const }];
  const service = {
    id: `service of ${accountId}`,
    accountId,
    hosts,
    routes,
    strayParameters: [],
    tokenHeader: null,
  };
  const services =
    hosts.length > 0
      ? [{ ...service, upstreamUrl: null, firstByteSeconds: null, answerStyle: "documented" as const }]
      : [];
  database.set(accountId, { accountId, epoch, services, instanceHosts });
}

const open = (more: { domain?: string; ownNames?: ReadonlySet<string> } = {}) =>
  new HostDirectory({
    domain: null,
    ownNames: new Set(),
    ...more,
    async readParts(ids) {
      readings.push([...ids]);
      if (down) throw new Error("the database is gone");
      const parts = ids.flatMap((id) => database.get(id) ?? []);
      await held;
      return parts;
    },
    async readEpochs() {
      if (down) throw new Error("the database is gone");
      const named = [...database.values()].filter(
        (part) => part.services.length + part.instanceHosts.length > 0,
      );
      return new Map(named.map(({ accountId, epoch }) => [accountId, epoch]));
    },
  });

const whose = (host: string, target = "/x/y") => {
  const found = directory.recognise({ method: "GET", host, target });
  return found.kind === "route" ? found.service.accountId : found.kind;
};

beforeEach(() => {
  database.clear();
  readings = [];
  down = false;
  held = null;
  directory = open();
});

describe("the directory of host names", () => {
  test("costs nothing while there is no name: nothing is anybody's", async () => {
    await directory.compare();
    expect([directory.any, directory.owns("a.example.com"), directory.whenFresh("a.example.com")]).toEqual([
      false,
      false,
      null,
    ]);
  });

  test("reads an account again when its change is announced, and no other", async () => {
    put("one", 1n, ["a.example.com"]);
    put("two", 1n, [], [["b.example.com", "instance", null]]);
    await directory.compare();
    expect([whose("a.example.com"), whose("b.example.com"), directory.instanceAt("b.example.com")]).toEqual([
      "one",
      "host",
      "instance",
    ]);
    readings = [];
    put("one", 2n, ["c.example.com"]);
    directory.announced("one", 2n);
    await directory.whenFresh("a.example.com");
    expect([whose("a.example.com"), whose("c.example.com"), readings]).toEqual(["none", "one", [["one"]]]);
  });

  test("knows services by their id, reads an account it does not hold, and follows its changes", async () => {
    put("one", 1n, ["a.example.com"]);
    expect(directory.serviceOf("service of one")).toBeNull();
    await directory.whenAccountFresh("one");
    expect(directory.serviceOf("service of one")).toMatchObject({ accountId: "one" });
    expect(directory.whenAccountFresh("one")).toBeNull();
    put("one", 2n, []);
    directory.announced("one", 2n);
    await directory.whenAccountFresh("one");
    expect(directory.serviceOf("service of one")).toBeNull();
    down = true;
    await expect(directory.whenAccountFresh("two")).rejects.toThrow("gone");
  });

  test("makes requests to a host wait until what was announced is read", async () => {
    put("one", 1n, ["a.example.com"]);
    await directory.compare();
    let go = () => {};
    held = new Promise((resolve) => {
      go = resolve;
    });
    put("one", 2n, []);
    directory.announced("one", 2n);
    const fresh = directory.whenFresh("A.example.com:443");
    expect(fresh).toBeInstanceOf(Promise);
    go();
    await fresh;
    expect(directory.owns("a.example.com")).toBe(false);
    expect(directory.whenFresh("a.example.com")).toBeNull();
  });

  test("reads once more when an announcement comes while it reads", async () => {
    put("one", 1n, ["a.example.com"]);
    await directory.compare();
    let go = () => {};
    held = new Promise((resolve) => {
      go = resolve;
    });
    put("one", 2n, ["b.example.com"]);
    directory.announced("one", 2n);
    await Promise.resolve();
    await Promise.resolve();
    put("one", 3n, ["c.example.com"]);
    directory.announced("one", 3n);
    const fresh = directory.whenFresh("a.example.com");
    go();
    await fresh;
    expect(["a", "b", "c"].map((name) => directory.owns(`${name}.example.com`))).toEqual([
      false,
      false,
      true,
    ]);
  });

  test("lets nobody in by what is older than announced, and tries again with the next request", async () => {
    put("one", 1n, ["a.example.com"]);
    await directory.compare();
    down = true;
    put("one", 2n, []);
    directory.announced("one", 2n);
    await expect(directory.whenFresh("a.example.com")).rejects.toThrow("gone");
    await expect(directory.whenFresh("a.example.com")).rejects.toThrow("gone");
    down = false;
    await directory.whenFresh("a.example.com");
    expect(directory.owns("a.example.com")).toBe(false);
  });

  test.each([
    ["one", "two"],
    ["two", "one"],
  ])("follows a name from one account to another, whichever is read first: %s, %s", async (...order) => {
    put("one", 1n, ["a.example.com"]);
    await directory.compare();
    put("one", 2n, []);
    put("two", 1n, ["a.example.com"]);
    for (const accountId of order) {
      directory.announced(accountId, accountId === "one" ? 2n : 1n);
      await directory.whenFresh("a.example.com");
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(whose("a.example.com")).toBe("two");
  });

  test("finds what was never announced when it compares, an account that is gone too", async () => {
    put("one", 1n, ["a.example.com"]);
    put("two", 1n, ["b.example.com"]);
    await directory.compare();
    database.delete("one");
    put("two", 5n, ["c.example.com"]);
    await directory.compare();
    expect(["a", "b", "c"].map((name) => directory.owns(`${name}.example.com`))).toEqual([
      false,
      false,
      true,
    ]);
  });

  test("gives Latchkey's own names to nobody, whatever is stored", async () => {
    directory = open({ ownNames: new Set(["latchkey.example.com"]), domain: "example.com" });
    put("one", 1n, ["latchkey.example.com"]);
    await directory.compare();
    expect([directory.owns("Latchkey.example.com."), whose("latchkey.example.com")]).toEqual([false, "none"]);
    expect(directory.owns("other.example.com")).toBe(true);
  });
});
