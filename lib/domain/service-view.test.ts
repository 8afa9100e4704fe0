import { describe, expect, test } from "vitest";
import { type Preset, presets } from "./preset";
import { lockOf, meaningOf, namingNeeds, originUnder, pathFor, sharedKeyHeader } from "./service-view";

test.each([
  [{ template: "/bot{token}/{}" }, "credential"],
  [{ template: "/chat/{*}", header: "token" }, "credential"],
  [{ template: "/waInstance{instance}/{}/{token}" }, "credential"],
  [{ template: "/message/{}/{instance}" }, "token"],
  [{ template: "/api/{}", body: "/session" }, "token"],
  [{ template: "/ping", passes: true }, "none"],
  [{ template: "no template" }, "token"],
] as const)("the lock of %j is %s", (route, lock) => {
  expect(lockOf(route)).toBe(lock);
});

test.each([
  ["evolution", { label: true, credential: "none", host: false }],
  ["waha", { label: true, credential: "none", host: false }],
  ["wppconnect", { label: true, credential: "optional", host: false }],
  ["whatsapp-web-js", { label: true, credential: "none", host: false }],
  ["wuzapi", { label: false, credential: "required", host: false }],
  ["green-api", { label: true, credential: "required", host: false }],
  ["telegram", { label: false, credential: "required", host: false }],
  ["z-api", { label: true, credential: "required", host: false }],
  ["any", { label: false, credential: "none", host: true }],
] as const)("an instance of %s needs %j", (id, needs) => {
  expect(namingNeeds(presets[id].routes)).toEqual(needs);
});

describe("a preset's", () => {
  test.each(Object.entries<Preset>(presets))("test call of %s has a value for each place", (_, preset) => {
    const { label, credential } = namingNeeds(preset.routes);
    const path = pathFor(preset.test.path, { label: "shop", credential: "t0ken" });
    expect(path).not.toMatch(/[{}]/);
    expect(path.includes("shop") || !label).toBe(true);
    expect(path.includes("t0ken") && credential === "none").toBe(false);
  });

  test("path takes a credential as it is", () => {
    expect(pathFor("/bot{token}/getMe", { label: null, credential: "1:a$&b$'" })).toBe("/bot1:a$&b$'/getMe");
  });

  test("key is none where its header names the instance", () => {
    expect(sharedKeyHeader(presets.wuzapi)).toBeNull();
    expect(sharedKeyHeader(presets.evolution)).toBe("apikey");
    expect(sharedKeyHeader(presets.telegram)).toBeNull();
  });

  test("key is none where each session has one of its own", () => {
    expect(sharedKeyHeader(presets.wppconnect)).toBeNull();
  });
});

test("a host name is called with the scheme and port of the gate", () => {
  expect(originUnder("evo.example.com", "http://127.0.0.1:3000")).toBe("http://evo.example.com:3000");
  expect(originUnder("evo.example.com", "https://gate.example.com")).toBe("https://evo.example.com");
});

test.each([
  [200, "application/json", "good"],
  [200, "text/html; charset=utf-8", "page"],
  [200, "text/plain", "page"],
  [200, "", "good"],
  [302, "", "elsewhere"],
  [401, "application/json", "key"],
  [404, "text/html", "unknown"],
  [429, "", "limited"],
  [400, "", "other"],
  [502, "text/html", "broken"],
] as const)("an answer %i of %j means %s", (status, type, means) => {
  expect(meaningOf(status, type, { anything: false, refused: "key" })).toBe(means);
});

test("of an API that is not known, a page is as good as anything", () => {
  expect(meaningOf(200, "text/html", { anything: true, refused: "key" })).toBe("good");
});

test.each(["key", "credential", "keyless"] as const)("a refusal is about the %s that was sent", (refused) => {
  expect(meaningOf(401, "application/json", { anything: false, refused })).toBe(refused);
});
