import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { isWellFormedTarget } from "./instance-url";
import {
  matchRoute,
  names,
  overlaps,
  parseRouteTemplate,
  plainSegments,
  type RouteTemplate,
  type TemplateFault,
} from "./route-template";

function template(text: string): RouteTemplate {
  const parsed = parseRouteTemplate(text);
  if (typeof parsed === "string") throw new Error(`${text}: ${parsed}`);
  return parsed;
}

function match(text: string, path: string) {
  const segments = plainSegments(path);
  return segments && matchRoute(template(text), segments);
}

describe("a route template", () => {
  test.each([
    ["/message/{}/{instance}", "/message/sendText/bakery", "bakery", null],
    [
      "/waInstance{instance}/{}/{token}",
      "/waInstance1101000001/sendMessage/d75b3a66",
      "1101000001",
      "d75b3a66",
    ],
    ["/bot{token}/{*}", "/bot123456:ABC-DEF1234ghIkl/sendMessage", null, "123456:ABC-DEF1234ghIkl"],
    ["/bot{token}/{*}", "/bot123456:ABC", null, "123456:ABC"],
    ["/api/{instance}:{token}/{*}", "/api/shop:secret/send-message", "shop", "secret"],
    ["/api/{instance!sessions|server}/{*}", "/api/default/auth/qr", "default", null],
    ["/client/{}/{instance}", "/Client/sendMessage/5511999@c.us", "5511999@c.us", null],
    ["/api/{instance}/chats/{}/{*}", "/api/shop/chats/5511%40c.us/messages/%E2%9C%93", "shop", null],
    ["/x/{instance}/", "/x/a", undefined, null],
  ])("%s reads %s", (text, path, instance, token) => {
    if (instance === undefined) expect(parseRouteTemplate(text)).toBe("empty_segment");
    else expect(match(text, path)).toEqual({ instance, token });
  });

  test.each([
    ["/message/{}/{instance}", "/message/bakery"],
    ["/message/{}/{instance}", "/message/sendText/bakery/more"],
    ["/bot{token}/{*}", "/bot/sendMessage"],
    ["/api/{instance}:{token}/{*}", "/api/shop:sec:ret/send"],
    ["/api/{instance!sessions|server}/{*}", "/api/Sessions/default"],
    ["/message/{}/{instance}", "/message/sendText/b%61kery"],
    ["/message/{}/{instance}", "/message/%73endText/bakery"],
    ["/message/{}/{instance}", "/message//bakery"],
    ["/message/{}/{instance}", "/message/x/../bakery"],
    ["/message/{}/{instance}", "/message/x/.."],
    ["/message/{}/{instance}", "/message/x/bakery;v=1"],
    ["/message/{}/{instance}", "/message/x\\bakery/y"],
    ["/message/{}/{instance}", "/message/x/bäkery"],
    ["/message/{}/{instance}", "/message/x/b%C3%A4kery"],
    ["/message/{}/{instance}", "/message/%2e%2e/bakery"],
    ["/message/{}/{*}", "/message/x/a%2fb"],
    ["/message/{}/{*}", "/message/x/%c0%ae"],
    ["/message/{}/{*}", "/message/x/%zz"],
    ["/api/{instance}:{token}", "/api/shop%3Asecret"],
    ["/api/{instance}/{*}", "/api/shop:secret/x"],
    ["/api/{instance}/{}/{!generate-token}", "/api/shop/SECRET/Generate-Token"],
    ["/api/{instance}/{=chats|auth}", "/api/shop/chat"],
    ["/api/{instance}/{=chats|auth}", "/api/shop/%63hats"],
  ])("%s reads nothing in %s", (text, path) => {
    expect(match(text, path)).toBeNull();
  });

  test.each<[string, TemplateFault]>([
    ["message/{instance}", "no_slash"],
    ["/{instance}{token}", "adjacent"],
    ["/{instance}:{token}:{}", "crowded"],
    ["/{instance}/{instance}", "named_twice"],
    ["/{*}/{instance}", "rest_not_last"],
    ["/x{*}", "rest_not_last"],
    ["/{session}", "placeholder"],
    ["/a//b", "empty_segment"],
    ["/a/../b", "character"],
    ["/a%2f", "character"],
    ["/a?b={instance}", "character"],
    ["/x{instance!a}", "words"],
    ["/x{=a|b}", "words"],
    ["/{instance!}", "words"],
    ["/{=}", "words"],
    ["/{=a||b}", "words"],
    ["/{=a!b}", "words"],
    ["/{!a=b}", "words"],
    [`/${"a".repeat(200)}`, "too_long"],
  ])("%s is none: %s", (text, fault) => {
    expect(parseRouteTemplate(text)).toBe(fault);
  });

  it("says what it names", () => {
    expect(names(template("/bot{token}/{*}"), "token")).toBe(true);
    expect(names(template("/bot{token}/{*}"), "instance")).toBe(false);
  });
});

it("what can be read in one way is well formed", () => {
  const paths = fc.stringMatching(/^\/[a-c/.%;\\#0-9A-F~@ -]{0,20}$/);
  fc.assert(
    fc.property(paths, (path) => {
      if (plainSegments(path)) expect(isWellFormedTarget(path)).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

describe("two templates", () => {
  test.each([
    ["/message/{}/{instance}", "/message/sendText/{instance}", true],
    ["/message/{}/{instance}", "/instance/{}/{instance}", false],
    ["/api/{instance}/{*}", "/api/sessions/{instance}", true],
    ["/api/{instance!sessions}/{*}", "/api/sessions/{instance}", false],
    ["/api/{instance!sessions}/{*}", "/API/Sessions/{instance}", false],
    ["/bot{token}/{*}", "/bo{instance}/x", true],
    ["/bot{token}/{*}", "/cot{token}/{*}", false],
    ["/a{instance}b", "/aa{}", true],
    ["/a{instance}b", "/a{}c", false],
    ["/{*}", "/anything/{instance}/at/all", true],
    ["/a", "/a/{*}", true],
    ["/api/{instance}/{*}", "/api/{instance}:{token}/{*}", false],
    ["/api/{}/{*}", "/api/{instance}:{token}/{*}", true],
    ["/api/{instance}/{!generate-token}", "/api/{instance}/generate-token", false],
    ["/a", "/a/{instance}", false],
    ["/api/{=a|b}", "/api/{=B|c}", true],
    ["/api/{=a|b}", "/api/{=c|d}", false],
    ["/api/{=a|b}", "/api/{!a|b}", false],
    ["/api/{=a|b}", "/api/{!a}", true],
    ["/api/{=ab|cd}", "/api/a{}", true],
    ["/api/{=ab|cd}", "/api/x{}", false],
    ["/api/{instance=ab}", "/api/{}", true],
  ])("%s and %s: %s", (one, other, expected) => {
    expect(overlaps(template(one), template(other))).toBe(expected);
    expect(overlaps(template(other), template(one))).toBe(expected);
  });

  const word = fc.stringMatching(/^[ab]{1,3}$/);
  const hole = fc.constantFrom("{instance}", "{token}", "{}");
  const whole = fc.constantFrom("{=a|ab}", "{!a|b}", "{instance!b|aa}", "{=b}");
  const segment = fc.oneof(
    word,
    hole,
    whole,
    fc.tuple(word, hole).map(([a, b]) => a + b),
    fc.tuple(hole, word).map(([a, b]) => a + b),
    fc.tuple(hole, word, hole).map((parts) => parts.join("")),
  );
  const anyTemplate = fc
    .tuple(fc.array(segment, { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([segments, open]) => `/${[...segments, ...(open ? ["{*}"] : [])].join("/")}`)
    .filter((text) => typeof parseRouteTemplate(text) !== "string");
  const anyPath = fc
    .array(fc.stringMatching(/^[ab]{1,6}$/), { maxLength: 4 })
    .map((parts) => `/${parts.join("/")}`);

  it("that match one path overlap", () => {
    fc.assert(
      fc.property(anyTemplate, anyTemplate, anyPath, (one, other, path) => {
        if (match(one, path) && match(other, path))
          expect(overlaps(template(one), template(other))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it("overlap with themselves, and a template reads what was put into it", () => {
    fc.assert(
      fc.property(
        anyTemplate,
        fc.stringMatching(/^[xyz]{1,5}$/),
        fc.stringMatching(/^[xyz]{1,5}$/),
        (text, instance, token) => {
          expect(overlaps(template(text), template(text))).toBe(true);
          const path = text
            .replaceAll(/\{=(\w+)[^}]*\}/g, "$1")
            .replaceAll(/![^}]*\}/g, "}")
            .replaceAll("{instance}", instance)
            .replaceAll("{token}", token)
            .replaceAll("{}", "q")
            .replace("/{*}", "/more/of/it");
          expect(match(text, path)).toEqual({
            instance: names(template(text), "instance") ? instance : null,
            token: names(template(text), "token") ? token : null,
          });
        },
      ),
    );
  });

  it("never read in an escaped path, whatever is escaped", () => {
    fc.assert(
      fc.property(anyTemplate, anyPath, fc.nat(), (text, path, at) => {
        const place = 1 + (at % Math.max(1, path.length - 1));
        const letter = path[place];
        if (letter === undefined || letter === "/") return;
        const escaped = `${path.slice(0, place)}%${letter.charCodeAt(0).toString(16)}${path.slice(place + 1)}`;
        expect(match(text, escaped)).toBeNull();
      }),
    );
  });
});
