import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { allowsEndpoint, type EndpointFacts } from "./endpoint";
import { type EndpointKind, packEndpointRules, readEndpointRule } from "./endpoint-rule";
import { parseRequestPath } from "./instance-url";

const facts = (method: string, path: string, more: Partial<EndpointFacts> = {}): EndpointFacts => ({
  method,
  path,
  query: "",
  headers: ["host", "gate.example.com", "content-type", "application/json"],
  ...more,
});

const lets = (kind: EndpointKind, rules: readonly string[], asked: EndpointFacts) =>
  allowsEndpoint(packEndpointRules(kind, rules), asked);

const noDeleting = ["DELETE /instance/delete/{instance}"];
const sending = ["POST /send-text", "GET /chats/{}/messages", "* /files/{*}"];

describe("rules that name what is rejected", () => {
  test.each([
    ["DELETE", "/instance/delete/bakery", false],
    ["DELETE", "/instance/logout/bakery", true],
    ["GET", "/instance/delete/bakery", true],
    ["DELETE", "/instance/delete", true],
    ["DELETE", "/instance/delete/bakery/x", true],
    ["DELETE", "/", true],
    ["DELETE", "", true],
  ])("%s %s passes: %s", (method, path, passes) => {
    expect(lets("except", noDeleting, facts(method, path))).toBe(passes);
  });

  it("a rule for GET holds for HEAD, and one for HEAD for nothing else", () => {
    expect(lets("except", ["GET /qr"], facts("HEAD", "/qr"))).toBe(false);
    expect(lets("except", ["HEAD /qr"], facts("GET", "/qr"))).toBe(true);
    expect(lets("except", ["GET /qr"], facts("OPTIONS", "/qr"))).toBe(true);
    expect(lets("except", ["* /qr"], facts("OPTIONS", "/qr"))).toBe(false);
  });

  test.each([
    "/instance/DELETE/bakery",
    "/Instance/delete/bakery/",
    "/instance/delete.json/bakery",
    "/instance/delete./bakery",
    "/instance/%64elete/bakery",
    "/instance/delete%2Fbakery",
    "/instance%2fdelete/bakery",
    "/instance/./delete/bakery",
    "/instance/x/../delete/bakery",
    "/instance/x/%2e%2e/delete/bakery",
    "//instance/delete/bakery",
    "/instance//delete/bakery",
    "/instance/delete//bakery",
    "/instance;x/delete/bakery",
    "/instance/delete;a=b/bakery",
    "/instance/delete%3Ba/bakery",
    "/instance/delete%20/bakery",
    "/instance/%20delete/bakery",
    "/instance/delete%00/bakery",
    "/instance/delete%09/bakery",
    "/instance/del%C2%ADete/bakery",
    "/instance/%EF%BD%84elete/bakery",
    "/instance/delete%C2%A0/bakery",
    "/instance%EF%BC%8Fdelete/bakery",
    "/instance/x/%EF%BC%8E%EF%BC%8E/delete/bakery",
    "/instance\\delete\\bakery",
    "/instance/delete/bakery%23",
    "/instance/delete/bakery%3Fx",
    "/instance/%2564elete/bakery",
    "/instance/delete/\u00ff",
  ])("%j gets past none of them", (path) => {
    expect(lets("except", noDeleting, facts("DELETE", path))).toBe(false);
  });

  it("a space inside a segment, and escapes of what is no letter, harm nothing", () => {
    expect(lets("except", noDeleting, facts("DELETE", "/files/my%20photo%20(1).jpg"))).toBe(true);
    expect(lets("except", noDeleting, facts("DELETE", "/chats/5511%40c.us/caf%C3%A9"))).toBe(true);
  });
});

describe("rules that name what is let in", () => {
  test.each([
    ["POST", "/send-text", true],
    ["POST", "/send-text/", false],
    ["POST", "/SEND-TEXT", false],
    ["POST", "/send-text.json", false],
    ["POST", "/send-text;x", false],
    ["POST", "//send-text", false],
    ["POST", "/send%2Dtext", false],
    ["POST", "/x/../send-text", false],
    ["GET", "/send-text", false],
    ["post", "/send-text", false],
    ["GET", "/chats/5511%40c.us/messages", true],
    ["HEAD", "/chats/5511/messages", true],
    ["GET", "/chats//messages", false],
    ["GET", "/chats/a%2Fb/messages", false],
    ["GET", "/chats/../messages", false],
    ["DELETE", "/files", true],
    ["DELETE", "/files/a/b/", true],
    ["DELETE", "/files/..", false],
    ["DELETE", "/filesx", false],
  ])("%s %s passes: %s", (method, path, passes) => {
    expect(lets("only", sending, facts(method, path))).toBe(passes);
  });

  it("a slash at the end, a part of a segment, and words that are not meant count to the letter", () => {
    expect(lets("only", ["GET /a/"], facts("GET", "/a/"))).toBe(true);
    expect(lets("only", ["GET /a/"], facts("GET", "/a"))).toBe(false);
    expect(lets("only", ["* /bot{token}/send{}"], facts("POST", "/bot1:a/sendMessage"))).toBe(true);
    expect(lets("only", ["* /bot{token}/send{}"], facts("POST", "/bot1:a/SendMessage"))).toBe(false);
    expect(lets("only", ["* /bot{token}/send{}"], facts("POST", "/bot1:a/send"))).toBe(false);
    expect(lets("only", ["* /api/{!stop}"], facts("POST", "/api/start"))).toBe(true);
    expect(lets("only", ["* /api/{!stop}"], facts("POST", "/api/STOP"))).toBe(false);
    expect(lets("except", ["* /api/{!stop}"], facts("POST", "/api/stop"))).toBe(true);
    expect(lets("except", ["* /api/{!stop}"], facts("POST", "/api/Stop"))).toBe(false);
  });
});

describe("a request that asks to be taken for another", () => {
  test.each([
    ["x-http-method-override", "DELETE"],
    ["x_http_method_override", "DELETE"],
    ["x-http-method", "GET"],
    ["x-method-override", ""],
    ["x-original-url", "/instance/delete/bakery"],
    ["x-rewrite-url", "/"],
    ["x-override-url", "/"],
  ])("%s: %s is let in nowhere", (name, value) => {
    const asked = facts("POST", "/send-text", { headers: ["host", "a", name, value] });
    expect(lets("except", noDeleting, asked)).toBe(false);
    expect(lets("only", sending, asked)).toBe(false);
  });

  test.each([
    "?_method=DELETE",
    "?a=1&_METHOD=delete",
    "?%5Fmethod=DELETE",
    "?_meth%6Fd=DELETE",
    "?.method=DELETE",
    "?a=1;_method=DELETE",
    "?_method[]=DELETE",
    "?X-HTTP-Method-Override=DELETE",
  ])("the query %s is let in nowhere", (query) => {
    expect(lets("except", noDeleting, facts("POST", "/send-text", { query }))).toBe(false);
    expect(lets("only", sending, facts("POST", "/send-text", { query }))).toBe(false);
  });

  test.each(["?method=getMe", "?a=_method", "?payment_method=pix", "?x=%zz%"])(
    "the query %s asks for nothing",
    (query) => {
      expect(lets("only", sending, facts("POST", "/send-text", { query }))).toBe(true);
    },
  );
});

const word = fc.constantFrom("instance", "delete", "send-text", "sendText", "chats", "v1", "a.b", "x");
const template = fc
  .array(fc.oneof(word, fc.constantFrom("{}", "{instance}", "bot{token}", "{}:{}")), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => `/${parts.join("/")}`);
const method = fc.constantFrom("GET", "POST", "DELETE");
const rule = fc
  .tuple(fc.constantFrom("*", "GET", "POST", "DELETE"), template)
  .map((parts) => parts.join(" "));
const rules = fc.array(rule, { minLength: 1, maxLength: 4 });
const path = fc
  // A colon at an end would be one of `{}:{}` only with what a disguise adds.
  .array(fc.oneof(word, fc.stringMatching(/^[a-z0-9](?:[a-z0-9:]{0,6}[a-z0-9])?$/)), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts) => `/${parts.join("/")}`);

/** Spellings that some server takes for the same path. */
const disguises: readonly ((path: string, at: number) => string)[] = [
  (text, at) =>
    text.replace(/[a-z]/g, (letter, place: number) => (place % 3 === at % 3 ? letter.toUpperCase() : letter)),
  (text, at) => {
    const place = 1 + (at % (text.length - 1));
    const code = text.charCodeAt(place).toString(16);
    return `${text.slice(0, place)}%${code}${text.slice(place + 1)}`;
  },
  (text) => text.replace("/", "//"),
  (text) => text.replace(/\/([^/]+)$/, "/./$1"),
  (text) => `/y/..${text}`,
  (text) => `/y/%2e%2E${text}`,
  (text) => text.replace(/(?<=.)\//, "%2f"),
  (text) => text.replace(/(?<=.)(?=\/)|$/, ";v=1"),
  (text) => `${text}/`,
  (text) => `${text}.json`,
  (text) => `${text}%20`,
  (text) =>
    text.replace(/[a-z]/, (letter) => encodeURIComponent(String.fromCharCode(letter.charCodeAt(0) + 0xfee0))),
];

describe("whatever the spelling", () => {
  it("what a rule rejects stays rejected, and nothing is let in that was not in its plain spelling", () => {
    fc.assert(
      fc.property(rules, method, path, fc.nat(), fc.nat(), (all, how, plain, which, at) => {
        const spelled = disguises[which % disguises.length]?.(plain, at) ?? plain;
        if (!lets("except", all, facts(how, plain)))
          expect(lets("except", all, facts(how, spelled))).toBe(false);
        if (lets("only", all, facts(how, spelled))) expect(lets("only", all, facts(how, plain))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it("is decided for any bytes, and never lets in what is no path", () => {
    fc.assert(
      fc.property(
        rules,
        fc.string({ unit: fc.nat(0x10ffff).map(String.fromCodePoint), maxLength: 60 }),
        (all, text) => {
          const asked = facts("GET", `/${text}`);
          const [except, only] = [lets("except", all, asked), lets("only", all, asked)];
          if (parseRequestPath(`/instances/i/token/t/${text}`) === null || text.includes("?")) {
            expect([except, only]).toEqual([false, false]);
          }
        },
      ),
    );
  });

  it("the same rules never let one request in both ways, and reject it both ways only if it is unclear", () => {
    fc.assert(
      fc.property(rules, method, path, (all, how, plain) => {
        const asked = facts(how, plain);
        expect(lets("except", all, asked) && lets("only", all, asked)).toBe(false);
      }),
    );
  });

  it("rules that are not understood let nothing in", () => {
    expect(lets("except", ["DELETE no-slash"], facts("GET", "/x"))).toBe(false);
    expect(lets("only", ["* /a//b"], facts("GET", "/a//b"))).toBe(false);
    expect(allowsEndpoint("", facts("GET", "/x"))).toBe(false);
    expect(allowsEndpoint("other\n* /{*}", facts("GET", "/x"))).toBe(false);
  });

  it("a path of 8,000 characters is decided as quickly as a short one", () => {
    const long = `/a${":b".repeat(4000)}`;
    for (const kind of ["except", "only"] as const)
      lets(kind, ["* /{}:{}c", "* /a{}:{}"], facts("GET", long));
  });
});

describe("a rule as people write it", () => {
  test.each([
    ["DELETE", "/chats/{id}", "DELETE /chats/{}"],
    ["*", "/chats/*", "* /chats/{*}"],
    ["*", "/a/*/b", "* /a/{}/b"],
    ["GET", " /a/{chatId}/{instance} ", "GET /a/{}/{instance}"],
    ["*", "/", "* /"],
    ["*", "/{*}", "* /{*}"],
    ["*", "/a/", "* /a/"],
  ])("%s %s is %s", (how, text, stored) => {
    expect(readEndpointRule(how, text)).toBe(stored);
  });

  test.each([
    "",
    "a",
    "/a//b",
    "/a/../b",
    "/a?b",
    "/a b",
    "/{*}/a",
    "/%61",
    "https://example.com/a",
    `/${"a".repeat(300)}`,
  ])("%j is none", (text) => {
    expect(readEndpointRule("*", text)).toBeNull();
  });
});
