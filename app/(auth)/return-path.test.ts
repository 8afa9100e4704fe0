import { describe, expect, it } from "vitest";
import { returnPath } from "./return-path";

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
    "http://[",
  ])("goes to the overview instead of %j", (wanted) => {
    expect(returnPath(wanted)).toBe("/overview");
  });
});
