import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import {
  absoluteHost,
  dashboardTarget,
  isOnGateHost,
  normalizeTarget,
  type OwnOrigins,
} from "./request-target";

const anywhere: OwnOrigins = { gateHostName: null };
const pinned: OwnOrigins = {
  url: "https://latchkey.example",
  gateUrl: "https://gate.example:8443",
  gateHostName: "gate.example",
};

const none = () => false;

function asked(url: string, headers: Record<string, string> = {}): IncomingMessage {
  const incoming = new IncomingMessage(Object.defineProperty(new Socket(), "localPort", { value: 3000 }));
  incoming.url = url;
  Object.assign(incoming.headers, headers);
  incoming.rawHeaders = Object.entries(headers).flat();
  return incoming;
}

describe("a request whose target names a server", () => {
  it.each([
    ["http://127.0.0.1:3000/login?a=//b", "127.0.0.1:3000", "/login?a=//b"],
    ["HTTP://LocalHost:3000/login", "localhost:3000", "/login"],
    ["http://localhost.:3000/login", "LOCALHOST:3000", "/login"],
    ["http://a.example:3000", "a.example:3000", "/"],
    ["http://a.example:3000?x=1", "a.example:3000", "/?x=1"],
    ["http://[0:0:0:0:0:0:0:1]:3000/x", "[::1]:3000", "/x"],
    ["http://127.0.0.1:3000//evil.example/x", "127.0.0.1:3000", "//evil.example/x"],
    ["https://a.example:3000/instances/a/token/b/../c", "a.example:3000", "/instances/a/token/b/../c"],
  ])("is for us when Host and port agree: %s", (target, host, reduced) => {
    const incoming = asked(target, { host });
    expect(normalizeTarget(incoming, anywhere, none)).toBeNull();
    expect(incoming.url).toBe(reduced);
  });

  it.each([
    ["https://latchkey.example/login", "latchkey.example"],
    ["http://LATCHKEY.example./login", "latchkey.example"],
    ["http://gate.example:8443/x", "gate.example:8443"],
  ])("is for us when it names a configured place, whatever Host says: %s", (target, host) => {
    const incoming = asked(target, { host: "evil.example" });
    expect(normalizeTarget(incoming, pinned, none)).toBeNull();
    expect(incoming.headers.host).toBe(host);
    expect(incoming.rawHeaders).toEqual(["host", host]);
  });

  it.each<[string, OwnOrigins, Record<string, string>]>([
    ["http://evil.example/overview", anywhere, { host: "127.0.0.1:3000" }],
    ["http://evil.example/overview", anywhere, { host: "evil.example" }],
    ["http://evil.example:3000/overview", anywhere, { host: "127.0.0.1:3000" }],
    ["http://127.0.0.1:3001/login", anywhere, { host: "127.0.0.1:3001" }],
    ["http://127.0.0.1:3000/login", anywhere, {}],
    ["http://127.0.0.1:3000/login", pinned, { host: "127.0.0.1:3000" }],
    ["http://gate.example/x", pinned, { host: "gate.example" }],
    ["http://me@latchkey.example/login", pinned, { host: "latchkey.example" }],
    ["http://latchkey.example@evil.example/login", pinned, { host: "latchkey.example" }],
    ["http://latchkey.example:99999/login", pinned, { host: "latchkey.example" }],
    ["http://latchkey.example:0443/login", pinned, { host: "latchkey.example" }],
    ["http:///login", pinned, { host: "latchkey.example" }],
    ["http:/login", pinned, { host: "latchkey.example" }],
    ["ftp://latchkey.example/login", pinned, { host: "latchkey.example" }],
    ["ws://latchkey.example/login", pinned, { host: "latchkey.example" }],
    ["latchkey.example:443", pinned, { host: "latchkey.example" }],
    ["http://latchkey.example\\@evil.example/", pinned, { host: "latchkey.example" }],
    ["login", pinned, { host: "latchkey.example" }],
  ])("is misdirected when it names another: %s", (target, places, headers) => {
    const incoming = asked(target, headers);
    expect(normalizeTarget(incoming, places, none)).toEqual({ status: 421, error: "Misdirected request" });
    expect(incoming.url).toBe(target);
  });

  it("is for instances when it names a host of theirs, whatever Host says", () => {
    const target = "http://Shop.Example.:8080/a/../b?c";
    expect(absoluteHost(target)).toBe("shop.example:8080");
    const incoming = asked(target, { host: "latchkey.example" });
    expect(normalizeTarget(incoming, pinned, (host) => host === "shop.example:8080")).toBeNull();
    expect([incoming.url, incoming.headers.host]).toEqual(["/a/../b?c", "shop.example:8080"]);
    for (const other of ["//shop.example/x", "/x", "*", "ftp://shop.example/", "http://me@shop.example/"])
      expect([other, absoluteHost(other)]).toEqual([other, null]);
  });

  it("names the server as a whole for OPTIONS only", () => {
    expect(normalizeTarget(asked("*", { host: "a" }), anywhere, none)).toEqual({
      status: 404,
      error: "Not found",
    });
    expect(
      normalizeTarget(Object.assign(asked("*", { host: "a" }), { method: "OPTIONS" }), anywhere, none),
    ).toBeNull();
  });

  it("leaves origin form alone, whatever it looks like", () => {
    const incoming = asked("//evil.example/x", { host: "a" });
    expect(normalizeTarget(incoming, pinned, none)).toBeNull();
    expect([incoming.url, incoming.headers.host]).toEqual(["//evil.example/x", "a"]);
  });
});

describe("the gate's own host name", () => {
  it.each<Record<string, string>>([
    { host: "gate.example" },
    { host: "Gate.Example.:1" },
    { host: "127.0.0.1:3000", "x-forwarded-host": "gate.example:8443" },
    { host: "127.0.0.1:3000", "x-forwarded-host": "latchkey.example, gate.example" },
  ])("is known in %o", (headers) => expect(isOnGateHost(asked("/", headers), pinned)).toBe(true));

  it.each<Record<string, string>>([{ host: "latchkey.example" }, { host: "x.gate.example" }, {}])(
    "is not %o",
    (headers) => expect(isOnGateHost(asked("/", headers), pinned)).toBe(false),
  );

  it("is none where the dashboard shares it", () => {
    expect(isOnGateHost(asked("/", { host: "gate.example" }), anywhere)).toBe(false);
  });
});

describe("what Next.js gets", () => {
  it.each([
    "/",
    "/?a=1",
    "/login",
    "/login/",
    "/instances/0193f0aa-0000-7000-8000-000000000001?traffic=day",
    "/instances/a%2Db",
    "/_next/static/chunks/%5Bid%5D.js",
    "/.well-known/latchkey-audit-key.json",
    "/overview?_rsc=1&next=/../%2f",
    "/search/%E2%82%AC",
    "/login?callbackUrl=%ff%zz",
  ])("is %s as it is", (target) => expect(dashboardTarget(target)).toBe(target));

  it.each([
    "/_next/image",
    "/_next/image/",
    "/_next/image?url=%2Finstances%2Fa%2Ftoken%2Fb&w=64&q=75",
    "/%5fnext/image?url=x",
    "/_%6eext/image",
    "/_next",
    "/_next/",
    "/_next/static",
    "/_next/static/",
    "/_next/data/build/login.json",
    "/_next/webpack-hmr",
    "/__nextjs_original-stack-frames",
    "/__nextjs_font/x",
    "/_error",
    "/_not-found",
    "/_document",
  ])("is nothing for %s, which Next.js would serve by itself", (target) => {
    expect(dashboardTarget(target)).toBeNull();
  });

  it.each([
    "//_next/image",
    "/_next%2fimage",
    "/_next%2Fimage?url=x",
    "/_next%5cimage",
    "/./_next/image",
    "/_next/./image",
    "/_next//image",
    "/x/../_next/image",
    "/x/%2e%2e/_next/image",
    "/_next/static/../image",
    "/_next/static/%2e%2e/image",
    "/_next/static/x/..%2f..%2fimage",
    "/_next\\image",
    "//evil.example/x",
    "//",
    "/login//",
    "/login#/x",
    "/instances/%ff",
    "/instances/%00",
    "/instances/%0a",
    "/instances/%E0%A4%A",
    "/instances/%",
    "/instances/%C0%AF",
    "/%ff",
  ])("is a page that is not there for %s, which parsers read differently or not at all", (target) => {
    expect(dashboardTarget(target)).toBe("/not-found");
  });

  it("has no NUL in a query, which no database takes", () => {
    expect(dashboardTarget("/instances?search=%00a%%0000")).toBe("/instances?search=%EF%BF%BDa%%EF%BF%BD00");
  });
});
