import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chain, exported, joined, verify } from "@/test/support/audit-chain";

const whole = exported(chain(4));
const lines = whole.trimEnd().split("\n");

describe("whatever is done to an export", () => {
  /** Any UTF-16 unit, halves of characters too. */
  const character = fc
    .oneof(fc.nat({ max: 0x7f }), fc.nat({ max: 0xffff }))
    .map((unit) => String.fromCharCode(unit));
  const at = fc.nat({ max: whole.length - 1 });
  const lineAt = fc.nat({ max: lines.length - 1 });
  const lineOfChar = (index: number) => whole.slice(0, index).split("\n").length;

  /** Not proven, and when broken, then at this line. */
  function expectCaught(text: string, line: number): void {
    const verdict = verify(text);
    expect(verdict.result).not.toBe("proven");
    if (verdict.result === "broken") expect(verdict.breach.line).toBe(line);
    else expect(line).toBeGreaterThanOrEqual(lines.length);
  }

  test("a changed character is caught in its line", () => {
    fc.assert(
      fc.property(at, character, (index, char) => {
        fc.pre(char !== whole[index] && char !== "\n" && whole[index] !== "\n");
        expectCaught(whole.slice(0, index) + char + whole.slice(index + 1), lineOfChar(index));
      }),
      { numRuns: 150 },
    );
  });

  test("an inserted or removed character is caught in its line", () => {
    fc.assert(
      fc.property(
        at,
        fc.array(character, { minLength: 1, maxLength: 3 }).map((all) => all.join("")),
        (index, text) => {
          fc.pre(!text.includes("\n") && whole[index] !== "\n");
          expectCaught(whole.slice(0, index) + text + whole.slice(index), lineOfChar(index));
          expectCaught(whole.slice(0, index) + whole.slice(index + 1), lineOfChar(index));
        },
      ),
      { numRuns: 150 },
    );
  });

  test("a removed line is caught where it is missing", () => {
    fc.assert(
      fc.property(lineAt, (index) => {
        expectCaught(joined(lines.filter((_, each) => each !== index)), index + 1);
      }),
      { numRuns: 60 },
    );
  });

  test("two swapped lines are caught at the first of them", () => {
    fc.assert(
      fc.property(lineAt, lineAt, (a, b) => {
        fc.pre(a !== b);
        const swapped = [...lines];
        [swapped[a], swapped[b]] = [lines[b] as string, lines[a] as string];
        expectCaught(joined(swapped), Math.min(a, b) + 1);
      }),
      { numRuns: 60 },
    );
  });

  test("a line inserted anywhere is caught there, or behind it where it was copied from before", () => {
    fc.assert(
      fc.property(lineAt, fc.nat({ max: lines.length }), (from, to) => {
        const more = [...lines.slice(0, to), lines[from] as string, ...lines.slice(to)];
        // A copy right before or behind its original: the second of the two is one too many.
        expectCaught(joined(more), from === to ? to + 2 : to + 1);
      }),
      { numRuns: 60 },
    );
  });

  test("an end cut off anywhere is caught", () => {
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 2 }), (length) => {
        const verdict = verify(whole.slice(0, length));
        expect(verdict.result).not.toBe("proven");
        expect(verdict.last?.seq ?? 0).toBeLessThanOrEqual(4);
      }),
      { numRuns: 100 },
    );
  });
});
