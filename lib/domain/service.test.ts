import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { parseRouteTemplate } from "./route-template";
import {
  hostName,
  type NamedIn,
  recognise,
  routeFaults,
  type ServiceDirectory,
  type ServiceNaming,
  type ServiceRoute,
} from "./service";

function route(text: string, namedIn: NamedIn = { kind: "path" }, ...methods: string[]): ServiceRoute {
  const template = parseRouteTemplate(text);
  if (typeof template === "string") throw new Error(`${text}: ${template}`);
  return { methods, template, namedIn };
}

const evolution: ServiceNaming = {
  id: "evolution",
  hosts: ["evolution.example.com"],
  routes: [route("/message/{}/{instance}"), route("/", { kind: "nowhere" }, "GET")],
  strayParameters: ["instancename", "instanceid"],
  tokenHeader: null,
};
const waha: ServiceNaming = {
  id: "waha",
  hosts: ["waha.example.com"],
  routes: [
    route("/api/sendText", { kind: "body", pointer: "/session" }, "POST"),
    route("/api/messages", { kind: "query", parameter: "session" }, "GET"),
    route("/api/{instance!sendText|messages|sessions}/{*}"),
    route("/api/sessions/{instance}"),
  ],
  strayParameters: [],
  tokenHeader: null,
};
const telegram: ServiceNaming = {
  id: "telegram",
  hosts: ["bots.example.com"],
  routes: [route("/bot{token}/{*}")],
  strayParameters: [],
  tokenHeader: null,
};
const wuzapi: ServiceNaming = {
  id: "wuzapi",
  hosts: ["wuzapi.example.com"],
  routes: [route("/chat/{*}", { kind: "header", header: "token" })],
  strayParameters: ["token"],
  tokenHeader: null,
};
const php: ServiceNaming = {
  id: "php",
  hosts: ["php.example.com"],
  routes: [
    route("/messages", { kind: "query", parameter: "session_id" }, "GET"),
    route("/{instance}/messages"),
  ],
  strayParameters: ["other_session"],
  tokenHeader: null,
};
const directory: ServiceDirectory = {
  serviceOf: (host) =>
    [evolution, waha, telegram, wuzapi, php].find((service) => service.hosts.includes(host)) ?? null,
  isInstanceHost: (host) => host === "shop.example.org",
  domain: "gate.example.com",
};

const of = (host: string | null, target: string, method = "GET") => {
  const found = recognise({ method, host: host && hostName(host), target }, directory);
  switch (found.kind) {
    case "route":
      return `${found.service.id} ${found.instance ?? found.token} ${found.token}`;
    case "body":
      return `${found.service.id} body ${found.pointer}`;
    case "host":
      return `host ${found.host}`;
    case "header":
      return `${found.service.id} header ${found.header}`;
    case "instance":
      return `instance ${found.path.instanceId}`;
    default:
      return found.kind;
  }
};

describe("a request is for", () => {
  test.each([
    ["evolution.example.com", "/message/sendText/bakery", "POST", "evolution bakery null"],
    ["Evolution.Example.com.:443", "/message/sendText/bakery", "POST", "evolution bakery null"],
    ["evolution.example.com", "/", "GET", "pass"],
    ["evolution.example.com", "/", "POST", "none"],
    ["evolution.example.com", "/instance/delete/bar", "DELETE", "none"],
    ["evolution.example.com", "/message/sendText/b%61kery", "POST", "none"],
    ["evolution.example.com", "/message/sendText/bakery?instanceName=other", "POST", "none"],
    ["evolution.example.com", "/message/sendText/bakery?%69nstanceName=other", "POST", "none"],
    ["evolution.example.com", "/message/sendText/bakery?[instanceName]=other", "POST", "none"],
    ["evolution.example.com", "/message/sendText/bakery?a=1&instanceId[]=other", "POST", "none"],
    ["evolution.example.com", "/message/sendText/bakery?%zz=1", "POST", "none"],
    ["evolution.example.com", "/message/sendText/bakery?delay=3", "POST", "evolution bakery null"],
    ["wuzapi.example.com", "/chat/send/text", "POST", "wuzapi header token"],
    ["wuzapi.example.com", "/chat/send/text?token=other", "POST", "none"],
    ["waha.example.com", "/api/sendText", "POST", "waha body /session"],
    ["waha.example.com", "/api/messages?session=shop&limit=3", "GET", "waha shop null"],
    ["waha.example.com", "/api/messages?limit=3", "GET", "none"],
    ["waha.example.com", "/api/messages?session=shop&session=other", "GET", "none"],
    ["waha.example.com", "/api/messages?session=shop&Session=other", "GET", "none"],
    ["waha.example.com", "/api/messages?session=shop&session[]=other", "GET", "none"],
    ["waha.example.com", "/api/messages?session=shop&%73ession=other", "GET", "none"],
    ["waha.example.com", "/api/messages?session=sh%6fp", "GET", "none"],
    // Case folding of Unicode (ſ), by which Go and others find parameters.
    ["waha.example.com", "/api/messages?session=shop&%C5%BFession=other", "GET", "none"],
    // Names that end at a NUL for PHP, that are decoded once more, that begin behind a second question mark, or make prototypes.
    ["waha.example.com", "/api/messages?session=shop&session%00=other", "GET", "none"],
    ["waha.example.com", "/api/messages?session=shop&%2573ession=other", "GET", "none"],
    ["waha.example.com", "/api/messages?session=shop&a%26session=other", "GET", "none"],
    ["waha.example.com", "/api/messages??session=other&session=shop", "GET", "none"],
    ["waha.example.com", "/api/shop/auth/qr?a%3Dsession%3Dother%26b=1", "GET", "none"],
    ["evolution.example.com", "/message/sendText/bakery?__proto__[instanceName]=other", "POST", "none"],
    ["evolution.example.com", "/message/sendText/bakery?a[constructor][prototype][x]=other", "POST", "none"],
    [
      "waha.example.com",
      "/api/messages?session=shop&filter.timestamp.gte=1&x[]=a%26b",
      "GET",
      "waha shop null",
    ],
    // PHP makes underscores of dots, spaces and open brackets.
    ["php.example.com", "/messages?session_id=shop", "GET", "php shop null"],
    ["php.example.com", "/messages?session_id=shop&session.id=other", "GET", "none"],
    ["php.example.com", "/messages?session_id=shop&session+id=other", "GET", "none"],
    ["php.example.com", "/messages?session_id=shop&session[id=other", "GET", "none"],
    ["php.example.com", "/shop/messages?session%5bid=other", "GET", "none"],
    ["php.example.com", "/shop/messages?other.session=other", "GET", "none"],
    // Express and others look at a thousand parameters, empty ones among them, and take the session by default then.
    ["waha.example.com", `/api/messages?${"&".repeat(1000)}session=shop`, "GET", "none"],
    ["waha.example.com", `/api/messages?${"a=1&".repeat(1000)}session=shop`, "GET", "none"],
    ["waha.example.com", "/api/shop/auth/qr", "GET", "waha shop null"],
    ["waha.example.com", "/api/sessions/shop", "GET", "waha shop null"],
    ["bots.example.com", "/bot123:ABC/getMe", "GET", "telegram 123:ABC 123:ABC"],
    ["shop.example.org", "/any/path/../at%2fall", "GET", "host shop.example.org"],
    ["shop.gate.example.com", "/socket.io/?EIO=4", "GET", "host shop.gate.example.com"],
    ["a.b.gate.example.com", "/", "GET", "none"],
    ["gate.example.com", "/", "GET", "none"],
    ["unknown.example.com", "/message/sendText/bakery", "POST", "none"],
    [null, "/message/sendText/bakery", "POST", "none"],
    ["evolution.example.com", "/instances/abc/token/def/x", "POST", "instance abc"],
    [null, "/instances/abc/token/def/x", "POST", "instance abc"],
    ["shop.example.org", "/instances/abc/token/../x", "POST", "none"],
  ])("%s %s %s: %s", (host, target, method, expected) => {
    expect(of(host, target, method)).toBe(expected);
  });

  it("one instance at most, whatever comes", () => {
    const targets = fc.stringMatching(/^\/[a-z0-9/%.;?=&[\]-]{0,40}$/);
    const hosts = fc.constantFrom("evolution.example.com", "waha.example.com", "shop.example.org", "x", null);
    fc.assert(
      fc.property(hosts, targets, fc.constantFrom("GET", "POST", "X"), (host, target, method) => {
        const found = recognise({ method, host, target }, directory);
        if (found.kind === "route") expect(found.instance).toMatch(/^[^%/?]+$/);
      }),
    );
  });

  test.each(["", "a..b", "-a", "a_b", "a b", "[::1]", "a:b", "a/b"])("a host name is not %o", (host) => {
    expect(hostName(host)).toBeNull();
  });
});

describe("routes", () => {
  test.each<[string, readonly ServiceRoute[], readonly string[]]>([
    ["of one way each", waha.routes, []],
    [
      "that overlap",
      [route("/a/{instance}"), route("/{instance}/b")],
      ["overlap /a/{instance} /{instance}/b"],
    ],
    [
      "of other methods",
      [route("/a/{instance}", { kind: "path" }, "GET"), route("/{instance}/b", { kind: "path" }, "POST")],
      [],
    ],
    ["that name nobody", [route("/a/{}")], ["names_nobody /a/{}"]],
    [
      "that name twice",
      [route("/{instance}", { kind: "body", pointer: "/session" })],
      ["names_twice /{instance}"],
    ],
    ["with a wrong pointer", [route("/a", { kind: "body", pointer: "session" })], ["pointer /a"]],
    ["with a wrong parameter", [route("/a", { kind: "query", parameter: "a[]" })], ["parameter /a"]],
    [
      "with a header that goes no further",
      [route("/a", { kind: "header", header: "x-real-ip" })],
      ["header /a"],
    ],
    ["let pass that name somebody", [route("/{instance}", { kind: "nowhere" })], ["names_twice /{instance}"]],
  ])("%s", (_, routes, expected) => {
    const said = routeFaults(routes).map((fault) =>
      fault.kind === "overlap"
        ? `overlap ${fault.template} ${fault.other}`
        : `${fault.kind} ${fault.template}`,
    );
    expect(said).toEqual(expected);
  });
});
