import { describe, expect, it } from "vitest";
import { loginPath, returnPath } from "./return-path";

describe("returnPath", () => {
  it.each([
    ["/security", "/security"],
    ["/activity?before=42", "/activity?before=42"],
    ["/instances/../settings", "/settings"],
  ])("keeps the page %s", (wanted, path) => {
    expect(returnPath(wanted)).toBe(path);
  });

  it.each([
    undefined,
    null,
    42,
    "",
    "security",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "https://evil.example/security",
    "javascript:alert(1)",
    "/.//evil.example",
    "/%2e//evil.example",
    "/login",
    "/login/second-step",
    "/login/../login/second-step?way=totp",
    "http://[",
  ])("goes to the overview instead of %j", (wanted) => {
    expect(returnPath(wanted)).toBe("/overview");
  });
});

describe("loginPath", () => {
  it.each([
    ["/security", "/login?callbackUrl=%2Fsecurity"],
    ["/overview", "/login"],
    ["//evil.example", "/login"],
    ["https://evil.example/", "/login"],
  ])("takes %s along as %s", (wanted, path) => {
    expect(loginPath("/login", wanted)).toBe(path);
  });

  it("says what else there is to say", () => {
    expect(loginPath("/login", "/a?b=c&d", { over: "1" })).toBe("/login?over=1&callbackUrl=%2Fa%3Fb%3Dc%26d");
  });
});
