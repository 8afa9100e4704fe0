import { expect, test } from "vitest";
import { isUse } from "./is-use";

const page = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

test.each([
  ["opening a page", { accept: page }, true],
  ["sending a form with JavaScript", { accept: "text/x-component", "next-action": "40aa" }, true],
  ["a live refresh, or a link fetched ahead", { accept: "*/*" }, false],
  ["following events", { accept: "text/event-stream" }, false],
  ["asking who is signed in", { accept: "application/json" }, false],
  ["a request that says nothing", {}, false],
])("%s", (_what, headers, use) => {
  expect(isUse(new Headers(headers as Record<string, string>))).toBe(use);
});
