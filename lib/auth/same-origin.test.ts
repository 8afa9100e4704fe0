import { expect, test } from "vitest";
import { sameOriginUrl } from "./same-origin";

const origin = "https://latchkey.example";

test.each([
  ["/overview", "https://latchkey.example/overview"],
  ["https://latchkey.example/a?b=1#c", "https://latchkey.example/a?b=1#c"],
  ["https://evil.example/", origin],
  ["//evil.example", origin],
  ["/\\evil.example", origin],
  ["\\\\evil.example", origin],
  ["https://latchkey.example@evil.example/", origin],
  ["http://latchkey.example/", origin],
  ["javascript:alert(1)", origin],
  ["https://", origin],
])("%s goes to %s", (wanted, page) => {
  expect(sameOriginUrl(wanted, origin)).toBe(page);
});
