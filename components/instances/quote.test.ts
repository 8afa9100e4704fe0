import { execFileSync } from "node:child_process";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quoteJson, quotePhp, quoteShell } from "./quote";

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
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => runInNewContext(`(${quoteJson(text)})`) === text),
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
