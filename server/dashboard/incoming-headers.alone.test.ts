import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { beforeAll, describe, expect, it } from "vitest";
import { compileAddressList } from "@/lib/domain/address-list";
import { hopHeader, readHopHeader } from "@/lib/net/client-address";
import { sanitizeHeaders } from "./incoming-headers";

beforeAll(() => {
  process.env.LATCHKEY_SECRET = "a secret that only the tests of this file use";
});

const nobody = compileAddressList([]);
const proxies = compileAddressList(["192.0.2.0/24"]);

function sanitized(
  headers: Record<string, string>,
  {
    peer = "192.0.2.7",
    trusted = nobody,
    target,
  }: { peer?: string; trusted?: typeof nobody; target?: string } = {},
): IncomingMessage["headers"] {
  const socket = Object.defineProperty(new Socket(), "remoteAddress", { value: peer });
  const request = new IncomingMessage(socket);
  Object.assign(request.headers, headers);
  sanitizeHeaders(request, target, trusted);
  return request.headers;
}

describe("sanitizeHeaders", () => {
  it("replaces what a client says in our name, and in that of Next.js", () => {
    const headers = sanitized({
      "x-latchkey-peer": "forged 10.0.0.1",
      "x-latchkey-anything": "forged",
      "x-middleware-subrequest": "middleware:middleware",
      x_latchkey_peer: "forged 10.0.0.1",
      "x.middleware-subrequest": "middleware:middleware",
      x_forwarded_for: "10.0.0.1",
    });
    expect(readHopHeader(headers["x-latchkey-peer"] as string)).toBe("192.0.2.7");
    expect(headers["x-latchkey-anything"]).toBeUndefined();
    expect(headers["x-middleware-subrequest"]).toBeUndefined();
    const named = Object.keys(headers).sort();
    expect(named).toEqual(["x-forwarded-proto", "x-latchkey-peer"]);
  });

  it("leaves nothing by which Next.js would believe what a build knows", () => {
    const headers = sanitized({
      "x-prerender-revalidate": "a".repeat(32),
      "x-prerender-revalidate-if-generated": "1",
      "x-next-revalidated-tags": "a",
      "x-next-revalidate-tag-token": "a".repeat(32),
      cookie: "latchkey.zone=UTC; __prerender_bypass=0;__next_preview_data=1; latchkey.theme=dark",
    });
    expect(headers.cookie).toBe("latchkey.zone=UTC; latchkey.theme=dark");
    expect(Object.keys(headers).filter((name) => name.includes("revalidate"))).toEqual([]);
  });

  it("leaves nothing by which Next.js would redirect a request to an instance", () => {
    expect(sanitized({ rsc: "1" }, { target: "/message/sendText/bakery" }).rsc).toBeUndefined();
    expect(sanitized({ rsc: "1" }).rsc, "pages are asked for with it").toBe("1");
  });

  it("believes the gate on this machine about who called, and nobody else", () => {
    const stated = { "x-latchkey-peer": hopHeader("203.0.113.9") };
    const peerOf = (headers: Record<string, string>, peer: string) =>
      readHopHeader(sanitized(headers, { peer })["x-latchkey-peer"] as string);
    expect(peerOf(stated, "127.0.0.1")).toBe("203.0.113.9");
    expect(peerOf(stated, "::ffff:127.0.0.1")).toBe("203.0.113.9");
    expect(peerOf(stated, "192.0.2.7")).toBe("192.0.2.7");
    expect(peerOf({ "x-latchkey-peer": `${"0".repeat(64)} 203.0.113.9` }, "127.0.0.1")).toBe("127.0.0.1");
    expect(peerOf({ "x-latchkey-peer": "203.0.113.9" }, "::1")).toBe("::1");
  });

  it("believes the scheme and host of a trusted proxy, and of nobody else", () => {
    const said = { host: "a", "x-forwarded-proto": "https", "x-forwarded-host": "b" };
    expect(sanitized(said)).toMatchObject({ "x-forwarded-proto": "http" });
    expect(sanitized(said)["x-forwarded-host"]).toBeUndefined();
    expect(sanitized(said, { trusted: proxies })).toMatchObject({
      "x-forwarded-proto": "https",
      "x-forwarded-host": "b",
    });
  });

  it("hands on the one host and scheme that the outermost trusted proxy wrote, and no port", () => {
    const said = {
      "x-forwarded-for": "6.6.6.6, 203.0.113.9, 192.0.2.8",
      "x-forwarded-host": "evil.example, Public.example, inner.example",
      "x-forwarded-proto": "http, https, http",
      "x-forwarded-port": "1",
    };
    const headers = sanitized(said, { trusted: proxies });
    expect(headers).toMatchObject({ "x-forwarded-proto": "https", "x-forwarded-host": "public.example" });
    expect(headers["x-forwarded-port"]).toBeUndefined();
  });
});
