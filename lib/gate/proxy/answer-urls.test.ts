import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseRequestPath } from "@/lib/domain/instance-url";
import type { BothSides } from "@/lib/domain/reverse-url";
import { toCallerValue } from "./answer-urls";
import { forOneCaller } from "./upstream-response";

const base = "/instances/abc/token/Secret";
const path = parseRequestPath(`${base}/a/b`);
if (!path) throw new Error("no path");
const sides: BothSides = {
  origin: "https://up.example:8443",
  basePath: "/v1",
  path,
  host: "gate.example",
  ownHost: "gate.example",
  protocol: "https",
};

function translated(name: string, value: string): string | null {
  return toCallerValue(name, value, sides);
}

describe("a field of an answer", () => {
  test.each([
    ["refresh", "0;/v1/x", `0; url=${base}/x`],
    ["refresh", `3, URL = "https://up.example:8443/v1/x" y`, `3; url=${base}/x`],
    ["refresh", "0 /v1/x", `0; url=${base}/x`],
    ["refresh", "0; url=/login", null],
    ["refresh", "0; url=https://a.example/", "0; url=https://a.example/"],
    ["link", "</v1/x>", `<${base}/x>`],
    ["link", " </v1/x> ; rel = next,<b>;rel=y", `<${base}/x>; rel = next, <b>;rel=y`],
    ["link", '<b>; title="\\", </login>"', '<b>; title="\\", </login>"'],
    ["link", "<b>; anchor=/v1/x, <c>; anchor=/login, <d>", `<b>; anchor="${base}/x", <d>`],
    ["link", "<b>; anchor*=UTF-8''%2Fv1, <c>", "<c>"],
    ["link", "<b>; rel=x </login>", null],
    ["link", "<b>; rel=x, <c", "<b>; rel=x"],
    ["set-cookie", "a=1", `a=1; Path=${base}/a`],
    ["set-cookie", "a=1; path=/v1/c; PATH=/v1/d ;secure", `a=1;secure; Path=${base}/d`],
    ["set-cookie", "a=/v1; Path = /; Domain=.up.example", `a=/v1; Path=${base}`],
    ["set-cookie", "a=1; Path=/admin", null],
    ["access-control-allow-origin", "*", "*"],
    ["access-control-allow-origin", "https://a.example", "https://a.example"],
    ["timing-allow-origin", "https://a.example, https://up.example", "https://a.example"],
    [
      "content-security-policy",
      "img-src https://up.example:8443/v1/",
      `img-src https://gate.example${base}/`,
    ],
    ["content-security-policy", "report-uri /x;Report-To y; default-src *", " default-src *"],
    ["etag", '"https://up.example:8443/v1"', '"https://up.example:8443/v1"'],
    ["x-anything", "//up.example:8443/v1/x", `${base}/x`],
    ["x-anything", "a https://up.example:8443/v1/x b", `a https://gate.example${base}/x b`],
    ["x-anything", "https://up.example:8443/login", null],
    ["hx-location", "/v1/x", `${base}/x`],
    ["hx-location", '{"path":"https://up.example:8443/v1/x"}', `{"path":"https://gate.example${base}/x"}`],
    ["x-anything", "and // more", "and // more"],
  ])("%s: %s", (name, value, expected) => {
    expect(translated(name, value)).toBe(expected);
  });

  test.each([
    ["link", "<a>", " "],
    ["link", "<a>", ";a"],
    ["link", "<a>;a=", '"'],
    ["link", "<a>", ', "'],
    ["refresh", "5", " "],
    ["refresh", "5;url", " "],
    ["location", "/", " "],
    ["location", "/", "/.."],
    ["set-cookie", "a; Path=", "/"],
    ["set-cookie", "a", "; Path"],
    ["x-anything", "", "https://up.example:8443/v1 "],
    ["x-anything", "http://", "."],
  ])("is read in one go: %s with %j and many %j", (name, start, many) => {
    const value = `${start}${many.repeat(16_000 / many.length)}!`;
    // An expression that goes back over the value for each of its characters would keep the runner for minutes.
    for (let n = 0; n < 20; n++) expect(translated(name, value)?.length ?? 0).toBeLessThan(10 * value.length);
  });

  test("of links never leads past the gate, however it is written", () => {
    const piece = fc.constantFrom("<", ">", ",", ";", '"', "\\", " ", "anchor=", "rel=x", "/login", "/v1/x");
    const url = fc.constantFrom("https://up.example:8443/v1", "<//up.example:8443/v1>; rel=x", "</login>");
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, url), { maxLength: 12 }), (parts) => {
        const value = translated("link", parts.join("")) ?? "";
        for (const [, target = ""] of value.replace(/"(?:[^"\\]|\\.)*"/g, "").matchAll(/<([^>]*)>/g)) {
          const { host, pathname } = new URL(target, `https://gate.example${base}/a/b`);
          expect([host, pathname.startsWith(`${base}/`) || pathname === base]).toEqual([
            "gate.example",
            true,
          ]);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a cache that callers share", () => {
  const directive = fc.constantFrom(
    "public",
    "PUBLIC",
    "s-maxage=9",
    "max-age=9",
    'private="a, b"',
    "no-store",
  );
  const separator = fc.constantFrom(",", ", ", " ,", ";", '"', ",,", " ");

  test("never finds leave to keep an answer", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(directive, separator)), (parts) => {
        const told = forOneCaller(parts.flat().join(""));
        const names = told
          .toLowerCase()
          .replace(/"[^"]*"/g, "")
          .split(/[,\s]+/);
        expect(names.some((name) => name === "private" || name === "no-store")).toBe(true);
        expect(names).not.toContain("public");
        expect(names.join()).not.toContain("s-maxage");
        expect(told).not.toContain("private=");
      }),
      { numRuns: 2000 },
    );
  });
});
