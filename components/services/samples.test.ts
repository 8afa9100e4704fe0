import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { connectTarget, renderCurl, tokenLine } from "./samples";

test("a sample reaches a shell as it is meant, whatever is in its parts", () => {
  const url = "https://evo.example.com/it's/$(id)";
  const text = renderCurl({ url, headers: [tokenLine("apikey")], connectTo: "127.0.0.1:3000" });
  const words = execFileSync("sh", ["-c", text.replace(/^curl/, "printf '%s\\n'")], { encoding: "utf8" });
  expect(words.split("\n")).toEqual([
    url,
    "--connect-to",
    "::127.0.0.1:3000",
    "-H",
    "apikey: YOUR_ACCOUNT_TOKEN",
    "",
  ]);
});

test("the token stands where the service takes it", () => {
  expect(tokenLine(null)).toEqual(["Client-Token", "YOUR_ACCOUNT_TOKEN"]);
  expect(tokenLine("authorization")).toEqual(["authorization", "Bearer YOUR_ACCOUNT_TOKEN"]);
});

test.each([
  ["http://127.0.0.1:3000", "127.0.0.1:3000"],
  ["https://gate.example.com", "gate.example.com:443"],
  ["http://[::1]:80", "[::1]:80"],
])("%s is reached at %s", (origin, target) => {
  expect(connectTarget(origin)).toBe(target);
});
