import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pairLines } from "@/test/conformance/case";
import { forwardedHeaders, isCallersField, safeHost } from "./forwarded-headers";

const forwarded = (facts: Parameters<typeof forwardedHeaders>[0]) =>
  Object.fromEntries(pairLines(forwardedHeaders(facts)));

describe("what an upstream is told of its client", () => {
  test("an IPv4 client", () => {
    expect(forwarded({ address: "192.0.2.1", host: "api.example", protocol: "https" })).toEqual({
      forwarded: "for=192.0.2.1;host=api.example;proto=https",
      "x-forwarded-for": "192.0.2.1",
      "x-forwarded-host": "api.example",
      "x-forwarded-proto": "https",
    });
  });

  test("an IPv6 client and a port are quoted (RFC 7239 §4, §6)", () => {
    expect(forwarded({ address: "2001:db8::1", host: "[::1]:80", protocol: "http" }).forwarded).toBe(
      'for="[2001:db8::1]";host="[::1]:80";proto=http',
    );
  });

  test("what is not known is not made up", () => {
    expect(forwarded({ address: null, host: null, protocol: "http" })).toEqual({
      forwarded: "for=unknown;proto=http",
      "x-forwarded-proto": "http",
    });
  });

  test("a host is repeated only when nothing in it can break out of a header", () => {
    for (const host of ["a.example", "A-1.example:8080", "127.0.0.1:3000", "[2001:db8::1]", "[::1]:80"])
      expect(safeHost(host)).toBe(host);
    for (const host of [
      "",
      " ",
      null,
      undefined,
      "a b",
      'a"b',
      "a;b",
      "a,b",
      "a@b",
      "a/b",
      "a:",
      "a:b",
      "[x]",
    ])
      expect(safeHost(host)).toBeNull();
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(safeHost(text) ?? "").not.toMatch(/[\s",;=\\@/]/);
      }),
    );
  });
});

test("callers may bring a name or a token in what goes on from them to an upstream, and in nothing else", () => {
  const headers = ["apikey", "authorization", "x-api-key", "token"];
  const others = [
    "",
    "Token",
    "x_token",
    "te",
    "content-length",
    "sec-websocket-protocol",
    "x-forwarded-for",
    "via",
  ];
  expect(headers.filter((name) => !isCallersField(name))).toEqual([]);
  expect([...others, "client-token", "cookie", "x-real-ip"].filter(isCallersField)).toEqual([]);
});
