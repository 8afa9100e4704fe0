import { execFileSync } from "node:child_process";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { baseUrl, maskedToken } from "./base-url";
import { renderSample, sampleLanguages } from "./samples";

const names = [
  "Night orders",
  `x"}],"connections":1`,
  "'; drop table; --",
  "line\nbreak",
  "ção 🥖",
  "={{ $env.X }}",
];
const url = baseUrl("https://gate.example.com", "A".repeat(20), "b".repeat(32));
const hostileUrl = `https://x/'"\\$(id)\`id\`/\n`;

describe("baseUrl", () => {
  it("is what the wire contract calls", () => {
    expect(url).toBe(`https://gate.example.com/instances/${"A".repeat(20)}/token/${"b".repeat(32)}`);
  });

  it("hides a token behind a mask of the same length", () => {
    expect(maskedToken).toHaveLength(32);
  });
});

describe("renderSample", () => {
  it.each(sampleLanguages)("%s carries the address and the header", (language) => {
    const sample = renderSample(language, { url, name: "Night orders" });
    expect(sample).toContain(url);
    expect(sample).toContain("Client-Token");
    expect(sample).toContain("YOUR_ACCOUNT_TOKEN");
  });

  it.each(names)("keeps the name %j out of every language but n8n", (name) => {
    for (const language of sampleLanguages.filter((one) => one !== "n8n")) {
      expect(renderSample(language, { url, name })).toBe(renderSample(language, { url, name: "other" }));
    }
  });

  it.each(names)("writes the name %j into n8n as data", (name) => {
    const flow = JSON.parse(renderSample("n8n", { url, name }));
    expect(flow.nodes).toHaveLength(1);
    expect(flow.nodes[0].name).toBe(name);
    expect(flow.connections).toEqual({});
  });

  it("curl hands a hostile address to the command as one word", () => {
    const script = renderSample("curl", { url: hostileUrl, name: "" }).replace(/^curl /, "printf '%s|' ");
    const out = execFileSync("sh", ["-c", script], { encoding: "utf8" });
    expect(out).toBe(`${hostileUrl}|-H|Client-Token: YOUR_ACCOUNT_TOKEN|`);
  });

  it("JavaScript calls exactly the address given", async () => {
    const calls: unknown[] = [];
    const sample = renderSample("javascript", { url: hostileUrl, name: "" });
    await runInNewContext(`(async () => {${sample}})()`, {
      fetch: async (...call: unknown[]) => {
        calls.push(call);
        return { status: 200, text: async () => "" };
      },
      console: { log: () => {} },
    });
    expect(calls).toEqual([[hostileUrl, { headers: { "Client-Token": "YOUR_ACCOUNT_TOKEN" } }]]);
  });
});
