import { beforeEach, describe, expect, test } from "vitest";
import { readTogether } from "./read-together";

describe("readings that are shared", () => {
  let began: string[];
  let end: ((answer: string | Error) => void)[];
  let ask: (key: string) => Promise<string>;

  beforeEach(() => {
    [began, end] = [[], []];
    ask = readTogether((key) => {
      began.push(key);
      return new Promise((resolve, reject) => {
        end.push((answer) => (typeof answer === "string" ? resolve(answer) : reject(answer)));
      });
    });
  });

  const turn = () => new Promise((resolve) => setTimeout(resolve));

  test("answer all who ask before they begin, and nobody else's question", async () => {
    const answers = [ask("a"), ask("a"), ask("b")];
    await turn();
    expect(began).toEqual(["a", "b"]);
    end[0]?.("of a");
    end[1]?.("of b");
    expect(await Promise.all(answers)).toEqual(["of a", "of a", "of b"]);
  });

  test("never answer who asked after they began: all of those share the next, which comes after", async () => {
    const first = ask("a");
    await turn();
    const later = [ask("a"), ask("a")];
    await turn();
    expect(began, "one at a time").toEqual(["a"]);
    end[0]?.("before");
    expect(await first).toBe("before");
    await turn();
    expect(began).toEqual(["a", "a"]);
    end[1]?.("after");
    expect(await Promise.all(later)).toEqual(["after", "after"]);
  });

  test("that fail, fail for those whom they answer, and not for the next", async () => {
    const failing = ask("a");
    await turn();
    const next = ask("a");
    end[0]?.(new Error("gone"));
    await expect(failing).rejects.toThrow("gone");
    await turn();
    end[1]?.("back");
    expect(await next).toBe("back");
    const again = ask("a");
    await turn();
    end[2]?.("again");
    expect(await again).toBe("again");
  });
});
