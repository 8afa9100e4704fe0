import { describe, expect, it, test } from "vitest";
import { knownTimeZone, parseTheme } from "./preferences";

describe("knownTimeZone", () => {
  it.each([
    ["America/Sao_Paulo", "America/Sao_Paulo"],
    ["Asia/Calcutta", "Asia/Calcutta"],
    ["Mars/Base", "UTC"],
    ["", "UTC"],
    [undefined, "UTC"],
    ["x".repeat(100), "UTC"],
  ])("reads %j as %s", (name, zone) => {
    expect(knownTimeZone(name)).toBe(zone);
  });
});

test.each([
  ["dark", "dark"],
  ["light", "light"],
  ["Dark", "system"],
  ["<script>", "system"],
  [undefined, "system"],
  [null, "system"],
])("the theme %j is read as %s", (given, theme) => {
  expect(parseTheme(given)).toBe(theme);
});
