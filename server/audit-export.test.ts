import fc from "fast-check";
import { expect, test } from "vitest";
import { exportLines, type Line } from "./audit-export";

async function linesIn(...chunks: readonly (string | Buffer)[]): Promise<Line[]> {
  async function* stream() {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  const lines: Line[] = [];
  for await (const line of exportLines(stream())) lines.push(line);
  return lines;
}

test("lines are the same however the bytes arrive, in the middle of a character too", async () => {
  const text = 'one\n{"ü":"😀"}\n\nlast';
  const bytes = Buffer.from(text);
  const expected = [
    { text: "one", ended: true },
    { text: '{"ü":"😀"}', ended: true },
    { text: "", ended: true },
    { text: "last", ended: false },
  ];
  const cut = fc.nat({ max: bytes.length });
  await fc.assert(
    fc.asyncProperty(cut, cut, async (a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const parts = [bytes.subarray(0, from), bytes.subarray(from, to), bytes.subarray(to)];
      expect(await linesIn(...parts)).toEqual(expected);
    }),
  );
});

test("what is not UTF-8, or longer than any event, is no text; the next line is", async () => {
  const endless = Array.from({ length: 20 }, () => "x".repeat(100_000));
  expect(await linesIn(Buffer.from([0xff, 0x0a]), ...endless, "\nnext\n", "\ufeffmark")).toEqual([
    { text: null, ended: true },
    { text: null, ended: true },
    { text: "next", ended: true },
    { text: "\ufeffmark", ended: false },
  ]);
});
