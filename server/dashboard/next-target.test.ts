import { describe, expect, it } from "vitest";
import { nextTarget } from "./next-target";

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
  ])("is %s as it is", (target) => expect(nextTarget(target)).toBe(target));

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
    expect(nextTarget(target)).toBeNull();
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
    expect(nextTarget(target)).toBe("/not-found");
  });

  it("has no NUL in a query, which no database takes", () => {
    expect(nextTarget("/instances?search=%00a%%0000")).toBe("/instances?search=%EF%BF%BDa%%EF%BF%BD00");
  });
});
