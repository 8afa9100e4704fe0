/** What an expression of PromQL asks for: names of metrics, each with the labels that it is selected or grouped by. */
interface Asked {
  readonly metrics: readonly string[];
  /** In matchers `{…}`, and in `by`, `without`, `on` and `ignoring`. */
  readonly labels: readonly string[];
  /** Values that a label is compared with, for `=` and the alternatives of `=~`. */
  readonly values: readonly (readonly [label: string, value: string])[];
}

const token =
  /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\[[^\]]*\]|\$?[a-zA-Z_:][\w:]*|[\d.]+[a-z]*|=~|!~|!=|==|>=|<=|\S/g;
const aggregating = new Set(["by", "without"]);
const grouping = new Set(["by", "without", "on", "ignoring", "group_left", "group_right"]);
const words = new Set(["and", "or", "unless", "offset", "bool", "atan2", "inf", "nan"]);

/** Reads an expression as far as its names go: strings, durations, functions, operators and numbers are none. */
export function askedBy(expression: string): Asked {
  const tokens = [...expression.matchAll(token)].map(([text]) => text);
  const metrics: string[] = [];
  const labels: string[] = [];
  const values: [string, string][] = [];
  const isName = (text = "") => /^[a-zA-Z_:][\w:]*$/.test(text);
  /** Functions stand before a parenthesis, and aggregations before what they group by. */
  const isCalled = (next = "") => next === "(" || aggregating.has(next);
  for (let at = 0; at < tokens.length; at++) {
    const text = tokens[at] ?? "";
    if (text === "{" || (grouping.has(text) && tokens[at + 1] === "(")) {
      const close = text === "{" ? "}" : ")";
      at += text === "{" ? 1 : 2;
      for (; at < tokens.length && tokens[at] !== close; at++) {
        const label = tokens[at];
        if (!isName(label) || label === undefined) continue;
        labels.push(label);
        const [operator, value = ""] = tokens.slice(at + 1, at + 3);
        if (operator === "=" || operator === "=~" || operator === "!~" || operator === "!=")
          for (const each of value.slice(1, -1).split("|")) values.push([label, each]);
      }
    } else if (isName(text) && !isCalled(tokens[at + 1]) && !words.has(text) && !grouping.has(text))
      metrics.push(text);
  }
  return { metrics, labels, values };
}

/** Every series in the text of `/metrics`: its name, and its labels with their values. */
export function seriesIn(
  text: string,
): { readonly name: string; readonly labels: ReadonlyMap<string, string> }[] {
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, name = "", inside = ""] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? /.exec(line) ?? [];
      const labels = [...inside.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
      return { name, labels: new Map(labels.map(([, label = "", value = ""]) => [label, value])) };
    });
}
