import { expect, test } from "vitest";
import { inWords } from "./told";

test("a sentence is worded with the sentences that it names, each at its place, several one a line", () => {
  const words: Readonly<Record<string, string>> = { outer: "{a}|{b}|{c}", inner: "<{n}>" };
  const say = (key: string, values: Readonly<Record<string, string | number>>) =>
    (words[key] ?? "").replaceAll(/\{(\w)\}/g, (_, name: string) => String(values[name]));
  const inner = (n: number) => ({ key: "inner", values: { n } });
  expect(
    inWords({ key: "outer", values: { a: "as it is", b: inner(1), c: [inner(2), inner(3)] } }, say),
  ).toBe("as it is|<1>|<2>\n  <3>");
});
