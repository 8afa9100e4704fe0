import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fateOfService, lostByRoutes } from "./consequence";
import { type CallerEndpoints, type SeenEndpoint, seenAbout, seenPath } from "./endpoint-seen";
import { presets, readRoute, routesOf, type WrittenRoute } from "./preset";
import { judgeRoutes, namingChange, routesChange } from "./route-change";
import { byRoute, routeFaults, type ServiceRoute } from "./service";

const naming = (routes: readonly WrittenRoute[], more: object = {}) => ({
  routes: routesOf({ routes }),
  hosts: ["a.example.com", "b.example.com"],
  strayParameters: ["instancename"],
  tokenHeader: "apikey",
  ...more,
});

const sending = { template: "/message/{}/{instance}" };
const asking = { template: "/chat/{}/{instance}", methods: ["GET"] };

function judge(
  before: readonly WrittenRoute[],
  after: readonly WrittenRoute[],
  seen: string,
  label = "bakery",
) {
  const change = routesChange(naming(before), naming(after));
  const [method = "", path = ""] = seen.split(" ");
  return change && judgeRoutes(change, { method, path }, label);
}

describe("other routes of a service", () => {
  test.each([
    ["the same", {}],
    ["a route more", { routes: routesOf({ routes: [sending, asking, { template: "/qr/{instance}" }] }) }],
    ["a method more", { routes: routesOf({ routes: [sending, { ...asking, methods: ["GET", "POST"] }] }) }],
    [
      "a literal in other letters",
      { routes: routesOf({ routes: [{ template: "/Message/{}/{instance}" }, asking] }) },
    ],
    ["a host name more", { hosts: ["a.example.com", "b.example.com", "c.example.com"] }],
    ["a stray parameter less", { strayParameters: [] }],
  ])("turn nobody away that get in now: %s", (_, more) => {
    expect(routesChange(naming([sending, asking]), naming([sending, asking], more))).toBeNull();
  });

  test.each([
    ["a host name less", { hosts: ["a.example.com"] }],
    ["a stray parameter more", { strayParameters: ["instancename", "session"] }],
    ["another header for the token", { tokenHeader: "x-token" }],
    [
      "another parameter that names",
      { routes: routesOf({ routes: [sending, asking, { template: "/qr", query: "session" }] }) },
    ],
  ])("may turn away by what nobody remembers: %s", (_, more) => {
    expect(routesChange(naming([sending, asking]), naming([sending, asking], more))).toMatchObject({
      unrecorded: true,
    });
  });

  test.each([
    // By a route: the name of the instance is left out.
    ["POST /message/sendText/{instance}", "rejected"],
    ["GET /chat/find/{instance}", "passes"],
    // Under the contract's path: the name stands there, or is no plain word.
    ["POST /message/sendText/bakery", "rejected"],
    ["POST /message/sendText/{}", "passes"],
    // Nobody's already.
    ["POST /chat/find/{instance}", "passes"],
    ["GET /other", "passes"],
    ["POST ?", "passes"],
    // Longer than what is remembered.
    ["POST /message/{*}", "maybe"],
  ])("that lack one of them: %s %s", (seen, verdict) => {
    expect(judge([sending, asking], [asking], seen)).toBe(verdict);
  });

  test("what may be the name, since neither is a plain word, may be rejected", () => {
    expect(judge([sending], [asking], "POST /message/sendText/{}", "550e8400-e29b")).toBe("maybe");
  });

  test.each([
    ["narrower, and the word seen is left out", "/message/{=sendMedia}/{instance}", "rejected"],
    ["narrower, and the word seen is in it", "/message/{=sendtext|sendmedia}/{instance}", "passes"],
    ["excluding another instance's name", "/message/{}/{instance!admin|all}", "passes"],
    ["excluding its own name", "/message/{}/{instance!admin|bakery}", "rejected"],
    ["with the instance elsewhere", "/message/{instance}/{}", "rejected"],
    ["with a credential beside the name", "/message/{}/{instance}:{token}", "rejected"],
    ["with the credential in place of a word", "/message/{token}/{instance}", "maybe"],
    ["open at the end", "/message/{}/{instance}/{*}", "passes"],
    ["longer", "/message/{}/{instance}/{}", "rejected"],
    ["another literal", "/messages/{}/{instance}", "rejected"],
  ])("in place of one: %s", (_, template, verdict) => {
    expect(judge([sending], [{ template }], "POST /message/sendText/{instance}")).toBe(verdict);
  });

  test("that are for other methods reject the methods they leave out", () => {
    const posting = { ...sending, methods: ["POST"] };
    expect(judge([sending], [posting], "POST /message/sendText/{instance}")).toBe("passes");
    expect(judge([sending], [posting], "DELETE /message/sendText/{instance}")).toBe("rejected");
    expect(judge([asking], [{ ...asking, methods: ["HEAD"] }], "GET /chat/find/{instance}")).toBe("rejected");
  });

  test.each([
    [{ query: "session" }, { body: "/session" }],
    [{ body: "/session" }, { header: "token" }],
    [{ query: "session" }, { query: "id" }],
    [{ body: "/session" }, { passes: true }],
  ])(
    "that name the instance in another place may reject, since only paths are remembered: %j, then %j",
    (one, other) => {
      const template = "/api/sendText";
      expect(judge([{ template, ...one }], [{ template, ...other }], `POST ${template}`)).toBe("maybe");
    },
  );

  test("that are none leave the contract's path alone, and nobody else", () => {
    expect(judge([sending], [], "POST /message/sendText/{instance}")).toBe("rejected");
    expect(judge([sending], [], "POST /message/sendText/bakery")).toBe("maybe");
  });

  test("where there were none let in whom they name, and nobody else", () => {
    expect(judge([], [sending], "POST /message/sendText/bakery")).toBe("passes");
    expect(judge([], [sending], "POST /message/sendText/butcher")).toBe("rejected");
    expect(judge([], [{ template: "/api/sendText", body: "/session" }], "POST /api/sendText")).toBe("maybe");
    expect(judge([], [sending], "GET ?")).toBe("rejected");
  });

  test.each(Object.entries(presets))("%s: a preset in its own place turns nobody away", (_, preset) => {
    expect(routesChange(naming(preset.routes), naming(preset.routes))).toBeNull();
  });

  test("WAHA as it was, whose routes were wide, becoming what it is: only what was closed since is lost", () => {
    const wide = [
      { template: "/api/{}", methods: ["POST"], body: "/session" },
      { template: "/api/{instance!sendText}/{}" },
    ];
    const now = presets.waha.routes;
    expect(judge(wide, now, "POST /api/sendText", "default")).toBe("passes");
    expect(judge(wide, now, "GET /api/{instance}/chats", "default")).toBe("passes");
    expect(judge(wide, now, "POST /api/tenants", "default")).toBe("rejected");
    expect(judge(wide, now, "GET /api/{instance}/whatever", "default")).toBe("rejected");
  });
});

describe("another name of an instance", () => {
  const bakery = { label: "bakery", hosts: ["bakery.example.com"] };
  const renamed = { ...bakery, label: "patisserie" };

  test.each([
    ["one more", { label: null, hosts: [] }, bakery],
    ["the same", bakery, { label: "bakery", hosts: ["bakery.example.com"] }],
    ["a host name more", bakery, { label: "bakery", hosts: ["new.example.com", "bakery.example.com"] }],
  ])("turns nobody away that gets in now: %s", (_, before, after) => {
    expect(namingChange([sending], before, after)).toBeNull();
  });

  test.each([
    ["in the path", sending],
    ["in the path, with its credential", { template: "/bot/{instance}:{token}" }],
    ["in the query", { template: "/send", query: "session" }],
    ["in the body", { template: "/send", body: "/session" }],
  ])("takes the routes that go by it, and no others: %s", (_, route) => {
    const others = [{ template: "/file/bot{token}/{*}" }, { template: "/user", header: "token" }];
    const change = namingChange([...others, route], bakery, renamed);
    expect(change).toMatchObject({ after: routesOf({ routes: others }), unrecorded: false });
    expect(namingChange(others, bakery, renamed)).toBeNull();
    expect(namingChange([route], bakery, { ...bakery, label: null })).not.toBeNull();
  });

  test("rejects who names it in the path; who did so under the contract's path, or elsewhere, may be", () => {
    const change = namingChange([sending, { template: "/send", body: "/session" }], bakery, renamed);
    const verdict = (path: string) => change && judgeRoutes(change, { method: "POST", path }, "bakery");
    expect(verdict("/message/sendText/{instance}")).toBe("rejected");
    expect(verdict("/message/sendText/bakery")).toBe("maybe");
    expect(verdict("/send")).toBe("maybe");
    expect(verdict("/message/sendText/butcher"), "nobody's already").toBe("passes");
  });

  test("may turn away everybody by a host name that is taken away, since nobody remembers under which they call", () => {
    const change = namingChange([], bakery, { ...bakery, hosts: ["new.example.com"] });
    expect(change).toMatchObject({ unrecorded: true });
  });
});

describe("whatever the routes", () => {
  const credential = "S3cr3t-9944";
  const parts = [
    "api",
    "send",
    "{}",
    "{=send|list}",
    "{!send}",
    "{instance}",
    "{instance!send|shop}",
    "{token}",
  ];
  const segment = fc.constantFrom(...parts, "bot{token}", "wa{instance}", "{instance}:{token}");
  const path = fc
    .tuple(fc.array(segment, { minLength: 1, maxLength: 3 }), fc.constantFrom("", "/{*}"))
    .map(([segments, end]) => `/${segments.join("/")}${end}`);
  const route: fc.Arbitrary<WrittenRoute> = fc.record(
    {
      template: path,
      methods: fc.constantFrom(["GET"], ["POST"], ["GET", "POST"]),
      body: fc.constantFrom("/session", "/id"),
    },
    { requiredKeys: ["template"] },
  );
  const routes = fc.array(route, { minLength: 1, maxLength: 4 }).filter((all) => {
    const read = all.map(readRoute);
    return read.every((each) => typeof each !== "string") && routeFaults(read).length === 0;
  });

  /** What a path of this template may look like for an instance. */
  const filled = (template: string, label: string, words: readonly string[]) =>
    template
      .replace("{instance}", label)
      .replace(/\{instance![^}]*\}/, label)
      .replace("{token}", credential)
      .replace("{*}", words.join("/"))
      .replace(/\{[^}]*\}/g, () => words[template.length % words.length] ?? "send");

  /** Whom a request is for, as one text; null: not for this instance. */
  function addressed(service: ReturnType<typeof naming>, method: string, target: string, label: string) {
    const found = byRoute({ id: "s", ...service }, { method, target });
    if (found.kind === "body") return `body ${found.pointer}`;
    if (found.kind !== "route") return null;
    const isIts = found.instance === null ? found.token === credential : found.instance === label;
    return isIts ? "path" : null;
  }

  test("who is said to pass passes, and who is said to be rejected is", () => {
    const counts = { passes: 0, rejected: 0, maybe: 0 };
    fc.assert(
      fc.property(
        routes,
        routes,
        fc.boolean(),
        fc.nat(),
        fc.constantFrom("bakery", "shop", "send", "Shop-19994"),
        fc.array(fc.constantFrom("send", "list", "other", "5511999"), { minLength: 1, maxLength: 2 }),
        fc.constantFrom("GET", "POST", "HEAD"),
        (before, other, keeps, pick, label, words, method) => {
          const merged = keeps ? [...before.slice(1), ...other] : other;
          const read = merged.map(readRoute) as ServiceRoute[];
          const after = routeFaults(read).length === 0 ? merged : other;
          const target = filled((before[pick % before.length] as WrittenRoute).template, label, words);
          const [then, now] = [naming(before), naming(after)];
          const was = addressed(then, method, target, label);
          if (was === null) return;
          const found = byRoute({ id: "s", ...then }, { method, target });
          const about = "about" in found ? found.about : target;
          const stays = addressed(now, method, target, label) === was;
          const change = routesChange(then, now);
          for (const seen of [seenAbout(about), seenPath(target)]) {
            const verdict = change ? judgeRoutes(change, { method, path: seen }, label) : "passes";
            counts[verdict]++;
            if (verdict === "passes") expect(stays, `${seen} for ${label}`).toBe(true);
            if (verdict === "rejected") expect(stays, `${seen} for ${label}`).toBe(false);
          }
        },
      ),
      { numRuns: 5000 },
    );
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(100);
  });

  test("who is said to pass by another name passes, and who is said to be rejected is", () => {
    const counts = { passes: 0, rejected: 0, maybe: 0 };
    fc.assert(
      fc.property(
        routes,
        fc.nat(),
        fc.constantFrom("bakery", "shop", "send", "Shop-19994"),
        fc.array(fc.constantFrom("send", "list", "other", "5511999"), { minLength: 1, maxLength: 2 }),
        fc.constantFrom("GET", "POST", "HEAD"),
        (written, pick, label, words, method) => {
          const target = filled((written[pick % written.length] as WrittenRoute).template, label, words);
          const service = { id: "s", ...naming(written) };
          if (addressed(service, method, target, label) === null) return;
          const found = byRoute(service, { method, target });
          const stays = found.kind === "route" && found.instance === null;
          const change = namingChange(written, { label, hosts: [] }, { label: "renamed", hosts: [] });
          for (const seen of [seenAbout("about" in found ? found.about : target), seenPath(target)]) {
            const verdict = change ? judgeRoutes(change, { method, path: seen }, label) : "passes";
            counts[verdict]++;
            if (verdict === "passes") expect(stays, `${seen} for ${label}`).toBe(true);
            if (verdict === "rejected") expect(stays, `${seen} for ${label}`).toBe(false);
          }
        },
      ),
      { numRuns: 3000 },
    );
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(50);
  });
});

describe("what becomes of a caller by a change of its service", () => {
  const now = new Date("2026-11-30T12:00:00Z");
  const routes = routesChange(naming([sending]), naming([asking]));
  const calls = (path: string, days = 0, more = false) => {
    const lastAt = new Date(now.getTime() - days * 86_400_000);
    const seen: SeenEndpoint = { method: "POST", path, accepted: 3, rejected: 0, lastAt };
    return { endpoints: [seen], more };
  };
  type Change = Parameters<typeof fateOfService>[2];
  const fate = (given: CallerEndpoints, more: Partial<Change> = {}) => {
    const change = { routes, moves: false, ...more };
    return fateOfService(given, lostByRoutes(given, change.routes, "bakery"), change, now);
  };

  test("it is rejected for what it called this week, and may be for what it has not called since", () => {
    expect(fate(calls("/message/sendText/{instance}"))).toBe("rejected");
    expect(fate(calls("/message/sendText/{instance}", 8))).toBe("maybe");
    expect(fate(calls("/other"))).toBe("none");
    expect(fate(calls("/other", 0, true)), "it calls more than is remembered").toBe("maybe");
  });

  test("nobody knows who uses what is not remembered; who was never let in has nothing to lose", () => {
    const unrecorded = routesChange(naming([sending]), naming([sending], { hosts: [] }));
    expect(fate(calls("/message/sendText/{instance}"), { routes: unrecorded })).toBe("maybe");
    expect(fate({ endpoints: [], more: false }, { routes: unrecorded })).toBe("none");
  });

  test("who stays in is led where the upstream is", () => {
    expect(fate(calls("/other"), { moves: true })).toBe("moved");
    expect(fate(calls("/message/sendText/{instance}"), { moves: true })).toBe("rejected");
  });
});
