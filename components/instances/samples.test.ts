import { execFileSync } from "node:child_process";
import { createContext, runInContext, runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskedToken, quoteJson, quotePhp, quoteShell, renderSample, sampleLanguages } from "./samples";

const hostile = [
  `'; rm -rf ~; echo '`,
  `"; process.exit(1); "`,
  `$(id) \`id\` $HOME \${HOME} !!`,
  "back\\slash \\' \\\\",
  "line\nbreak\r\ttab",
  "\u2028 and \u2029",
  "<?php ?> </script> {{ $json.x }}",
  "Padaria São João 🥖 \u202Egnp",
];

describe("quoteShell", () => {
  it.each(hostile)("passes %j through sh unchanged", (text) => {
    const out = execFileSync("sh", ["-c", `printf %s ${quoteShell(text)}`], { encoding: "utf8" });
    expect(out).toBe(text);
  });
});

describe("quoteJson", () => {
  it("is a JavaScript literal for any text", () => {
    const nothing = createContext();
    fc.assert(
      fc.property(
        fc.string({ unit: fc.nat(0x10ffff).map(String.fromCodePoint) }),
        (text) => runInContext(`(${quoteJson(text)})`, nothing) === text,
      ),
    );
  });

  it("leaves no line separator raw", () => {
    expect(quoteJson("a\u2028b\u2029c")).toBe('"a\\u2028b\\u2029c"');
  });
});

describe("quotePhp", () => {
  it("escapes quote and backslash and nothing else", () => {
    expect(quotePhp(`it's a \\ $x`)).toBe(`'it\\'s a \\\\ $x'`);
  });

  it("cannot be left early", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const inner = quotePhp(text).slice(1, -1);
        // What PHP does inside single quotes: \\ and \' are the only escapes.
        return /^(?:[^'\\]|\\['\\])*$/s.test(inner) && inner.replace(/\\(['\\])/g, "$1") === text;
      }),
    );
  });
});

const names = [
  "Night orders",
  `x"}],"connections":1`,
  "'; drop table; --",
  "line\nbreak",
  "ção 🥖",
  "={{ $env.X }}",
];
const url = `https://gate.example.com/instances/${"A".repeat(20)}/token/${"b".repeat(32)}`;
const hostileUrl = `https://x/'"\\$(id)\`id\`/\n`;

it("hides a token behind a mask of the same length", () => {
  expect(maskedToken).toHaveLength(32);
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
