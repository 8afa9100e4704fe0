import { describe, expect, it } from "vitest";
import { isInstanceTarget } from "./instance-target";

describe("isInstanceTarget", () => {
  it.each([
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

  it.each([
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
