import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  instanceBase,
  isInstanceTarget,
  mayNameInstance,
  namesInstance,
  parseRequestPath,
  requestPathMaxBytes,
} from "./instance-url";

const word = fc.stringMatching(/^[0-9A-Za-z]{1,40}$/);
/** Segments that no reading can turn into a dot segment. */
const plain = fc.stringMatching(/^[0-9A-Za-z_~!$&'()*+,=:@-]{0,12}$/);
const escaped = fc.integer({ min: 0x20, max: 0xff }).map((byte) => `%${byte.toString(16).padStart(2, "0")}`);
const query = fc.stringMatching(/^(?:\?[\x21\x22\x24-\x7e]{0,40})?$/);
const dot = fc.constantFrom(".", "%2e", "%2E");
const separator = fc.constantFrom("/", "%2f", "%2F", "%5c", "%5C");

test("the path of an instance is what the wire contract calls", () => {
  const of = { instanceId: "A".repeat(20), instanceToken: "b".repeat(32) };
  expect(instanceBase(of)).toBe(`/instances/${"A".repeat(20)}/token/${"b".repeat(32)}`);
});

test.each([
  ["/instances/a/token/b", true],
  ["https://gate.example/instances/a/token/b/c?d", true],
  ["see /instances/a/token/", true],
  ["/instances/a", false],
  ["/instances//token/b", false],
  ["/instances/a/tokens/b", false],
])("%j names an instance: %j", (text, expected) => {
  expect(namesInstance(text)).toBe(expected);
  if (expected) expect(mayNameInstance(text)).toBe(true);
});

describe("the path of an instance request", () => {
  test("every part comes back exactly as it was sent", () => {
    const rest = fc.array(
      fc.oneof(
        plain,
        plain,
        escaped.filter((text) => !/%(?:2[ef]|5c)/i.test(text)),
      ),
    );
    fc.assert(
      fc.property(word, word, rest, query, (instanceId, instanceToken, segments, sentQuery) => {
        const sent = segments.map((segment) => `/${segment}`).join("");
        const target = `/instances/${instanceId}/token/${instanceToken}${sent}${sentQuery}`;
        expect(parseRequestPath(target)).toEqual({
          instanceId,
          instanceToken,
          rest: sent,
          query: sentQuery,
        });
      }),
    );
  });

  test("what is accepted was only cut, never altered", () => {
    const piece = fc.oneof(
      word,
      dot,
      separator,
      escaped,
      fc.constantFrom("/", "?", "\\", "%", ";", "\0", "é"),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const target = `/instances/${pieces.join("")}`;
        const path = parseRequestPath(target);
        if (path === null) return;
        const { instanceId, instanceToken, rest, query: sentQuery } = path;
        expect(`/instances/${instanceId}/token/${instanceToken}${rest}${sentQuery}`).toBe(target);
      }),
      { numRuns: 2000 },
    );
  });

  test("no spelling of a dot segment is accepted, wherever it stands", () => {
    const parameters = fc.constantFrom("", ";", ";a=b", "%3b");
    const dots = fc.array(dot, { minLength: 1, maxLength: 2 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(
        plain,
        separator,
        dots,
        parameters,
        separator,
        plain,
        (before, a, segment, tail, b, after) => {
          for (const rest of [`/${before}${a}${segment}${tail}${b}${after}`, `/${segment}${tail}`]) {
            expect(parseRequestPath(`/instances/id/token/secret${rest}`)).toBeNull();
          }
        },
      ),
    );
  });

  test("what the platform's URL parser would alter in the path's structure is refused or untouched", () => {
    const piece = fc.oneof(plain, dot, fc.constantFrom("/", "//"));
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const path = parseRequestPath(`/instances/id/token/secret/${pieces.join("")}`);
        if (path === null) return;
        const depth = (text: string) => text.split("/").length;
        expect(depth(new URL(`http://upstream.test${path.rest}`).pathname)).toBe(depth(path.rest));
      }),
    );
  });

  test("it is total", () => {
    const anyText = fc.string({ unit: fc.nat(0x10ffff).map(String.fromCodePoint) });
    fc.assert(fc.property(anyText, (text) => void parseRequestPath(text)));
    fc.assert(fc.property(anyText, (text) => void parseRequestPath(`/instances/${text}`)));
  });

  test("dots that are not dot segments pass", () => {
    for (const rest of ["/...", "/..a", "/a..", "/.a", "/a.", "/%2ea", "/a%2e%2e", "/a;..", "/.well-known/x"])
      expect(parseRequestPath(`/instances/i/token/t${rest}`)?.rest).toBe(rest);
  });

  test("dots in the query are only text", () => {
    expect(parseRequestPath("/instances/i/token/t?a=/../..")?.query).toBe("?a=/../..");
  });

  test("the longest path passes, a longer one does not; the query does not count", () => {
    const base = "/instances/i/token/t/";
    const longest = base + "a".repeat(requestPathMaxBytes - base.length);
    expect(parseRequestPath(`${longest}?${"q".repeat(9000)}`)).not.toBeNull();
    expect(parseRequestPath(`${longest}a`)).toBeNull();
  });

  test("a target that names a server is not well formed: whoever received it has to read that first", () => {
    expect(parseRequestPath("http://host/instances/i/token/t/a")).toBeNull();
    expect(parseRequestPath("ftp://host/instances/i/token/t/a")).toBeNull();
  });

  test.each([
    "",
    "*",
    "/",
    "/instances",
    "/instances/i/token",
    "/instances/i/token/",
    "/instances//token/t",
    "/Instances/i/token/t",
    "/instances/i/tokens/t",
    "//instances/i/token/t",
    "/instances/i/token/t/#x",
    "/instances/i/token/t?#x",
    "/instances/i/token/t/ x",
    "/instances/i/token/t/\x7f",
    "/instances/i/token/t/\u0100",
    "/instances/i/token/t/%0",
    "/instances/i%2f/token/t/",
    "/instances/i%00/token/t/",
  ])("%j is none", (target) => {
    expect(parseRequestPath(target)).toBeNull();
  });
});

describe("isInstanceTarget", () => {
  test.each([
    "/instances/a/token/b",
    "/instances/a/token/b/",
    "/instances/a/token/b//c/../d?x=/y",
    "/instances//token/b",
    "/instances/a//token/b",
    "/instances/a/token//c",
    "/instances/a/token/b/../../../../login",
    "http://localhost/instances/a/token/b",
    "//instances/a/token/b",
    "/./instances/a/token/b",
    "/x/../instances/a/token/b",
    "/x/%2e%2e/instances/a/token/b",
    "/%69nstances/a/token/b",
    "/instances%2fa%2ftoken%2fb",
    "/instances\\a\\token\\b",
    "/instances/a/%74oken/b",
  ])("takes %s", (target) => {
    expect(isInstanceTarget(target)).toBe(true);
  });

  test.each([
    "/",
    "*",
    "/instances",
    "/instances/a",
    "/instances/a/tokens/b",
    "/instances/?next=/instances/a/token/b",
    "/login?to=/instances/a/token/b",
    "/_next/static/chunks/instances/a/token/b",
    "/%E2%82%AC//x",
  ])("leaves %s to the dashboard", (target) => {
    expect(isInstanceTarget(target)).toBe(false);
  });
});
