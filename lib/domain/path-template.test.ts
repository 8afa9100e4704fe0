import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { pathTemplate, pathTemplateMaxLength } from "./path-template";

const segment = fc.oneof(
  fc.constantFrom(
    "messages",
    "send-text",
    "sendText",
    "v1",
    "index.html",
    "oauth2",
    "users",
    "",
    "..",
    "%2e",
  ),
  fc.uuid(),
  fc.base64String({ maxLength: 80 }),
  fc.stringMatching(/^[0-9A-Za-z]{12,60}$/),
  fc.integer({ min: 0, max: 9_999_999_999 }).map(String),
  fc.stringMatching(/^[!-~]{0,30}$/),
);
const path = fc.oneof(
  fc.array(segment, { maxLength: 20 }).map((parts) => `/${parts.join("/")}`),
  fc.string({ maxLength: 2000, unit: fc.nat(0x10ffff).map(String.fromCodePoint) }),
);

describe("a path's template", () => {
  test.each([
    ["", "/"],
    ["/", "/"],
    ["/send-text", "/send-text"],
    ["/v1/messages/3EB0C431C26A1916E07A", "/v1/messages/{id}"],
    ["/users/42/orders/7", "/users/{id}/orders/{id}"],
    ["/chats/5511999998888@c.us/typing", "/chats/{id}/typing"],
    ["/chats/%2B5511999998888", "/chats/{id}"],
    ["/files/0190a3c5-7d1e-7cc2-93d9-0d5a4b1f2c3d/download", "/files/{id}/download"],
    ["/people/ann@example.com", "/people/{id}"],
    ["/t/sk_live_51H8xYzAbCdEfGhIj", "/t/{id}"],
    ["/t/qWeRtYuIoPaSdFgH", "/t/{id}"],
    ["/sendTemplateMessage", "/sendTemplateMessage"],
    ["/reports/2026-11-24", "/reports/{id}"],
    ["/reports/index.html", "/reports/index.html"],
    ["/a//b/", "/a/b"],
    ["/caf\u00c3\u00a9", "/{id}"],
    ["/a/b/c/d/e/f/g/h/i/j", "/a/b/c/d/e/f/g/h/…"],
  ])("%s → %s", (rest, expected) => {
    expect(pathTemplate(rest)).toBe(expected);
  });

  it("is bounded, starts with a slash, and says nothing but words, versions and {id}", () => {
    fc.assert(
      fc.property(path, (rest) => {
        const template = pathTemplate(rest);
        expect(template.length).toBeLessThanOrEqual(pathTemplateMaxLength);
        expect(template).toMatch(/^\/[A-Za-z0-9._{}…/-]*$/);
        expect(template).not.toMatch(/\d{4}/);
        for (const part of template.split("/")) expect(part.length).toBeLessThanOrEqual(40);
      }),
      { numRuns: 2000 },
    );
  });

  it("never keeps a secret of the forms that Latchkey makes", () => {
    const base62 = (length: number) => fc.stringMatching(new RegExp(`^[0-9A-Za-z]{${length}}$`));
    fc.assert(
      fc.property(base62(32), base62(49), (instanceToken, clientToken) => {
        expect(pathTemplate(`/x/${instanceToken}/lkc_${clientToken}`)).toBe("/x/{id}/{id}");
      }),
    );
  });

  it("takes no longer for a path made to be slow", () => {
    const began = performance.now();
    for (const hostile of [
      "a-".repeat(4000),
      "/".repeat(8000),
      `/${"aA".repeat(4000)}`,
      `/v${"1.".repeat(4000)}`,
    ]) {
      for (let times = 0; times < 100; times++) pathTemplate(hostile);
    }
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
