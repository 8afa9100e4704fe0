import { redirect } from "next/navigation";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { action, answer, formData, quietAction } from "./action";

const told = vi.hoisted(() => ({ error: vi.fn(), warn: vi.fn() }));
vi.mock("./log", () => ({ log: () => told }));
vi.mock("next/headers", () => ({ headers: async () => new Headers() }));

const run = vi.fn(async () => ({ ok: true, data: "done" }) as const);
const object = action([z.object({ name: z.string(), on: z.boolean() })], run);
const form = action([formData], run);
const signed = action([answer()], run);
const throws = () => {
  throw new Error("hunter2");
};

/** Calls as nobody who has the types could. */
const call = (declared: unknown, ...given: unknown[]) =>
  (declared as (...all: unknown[]) => unknown)(...given);

describe("what no caller of ours would give is refused, and nothing runs", () => {
  test.each<[what: string, given: unknown[]]>([
    ["nothing", []],
    ["null", [null]],
    ["a number", [1]],
    ["a big number", [10n]],
    ["a text", ["x"]],
    ["an array", [["x"]]],
    ["fields of the wrong kind", [{ name: 1, on: "x" }]],
    [
      "a getter that throws",
      [Object.defineProperty({ on: true }, "name", { get: throws, enumerable: true })],
    ],
    ["a proxy that throws", [new Proxy({}, { get: throws, has: throws, ownKeys: throws })]],
    ["a prototype", [JSON.parse('{"__proto__":{"name":"x","on":true}}')]],
    ["a map", [new Map([["name", "x"]])]],
    ["a set", [new Set(["name"])]],
    ["a date", [new Date()]],
    ["a promise", [Promise.resolve({ name: "x", on: true })]],
    ["a function", [() => ({ name: "x", on: true })]],
    ["a symbol", [Symbol("x")]],
    ["a file", [new Blob(["x"])]],
  ])("%s", async (_what, given) => {
    told.error.mockClear();
    run.mockClear();
    for (const declared of [object, form])
      expect(await call(declared, ...given)).toMatchObject({ ok: false, code: "invalid" });
    expect(run).not.toHaveBeenCalled();
    expect(told.error).not.toHaveBeenCalled();
  });

  test("an answer of an authenticator is an object", async () => {
    for (const given of [undefined, null, 1, "x", ["x"]])
      expect(await call(signed, given)).toMatchObject({ ok: false, code: "invalid" });
  });

  test("and what answers nothing says nothing of it", async () => {
    expect(await call(quietAction([formData], throws), null)).toBeUndefined();
  });
});

describe("what fits", () => {
  test("reaches the action without fields and arguments that it did not ask for", async () => {
    await call(object, { name: "x", on: true, more: 1 }, "more");
    expect(run).toHaveBeenLastCalledWith({ name: "x", on: true });
  });

  test("may redirect", async () => {
    await expect(call(quietAction([], async () => redirect("/login")))).rejects.toThrow("NEXT_REDIRECT");
  });

  test("and what breaks is answered without its message, or shown as an error page", async () => {
    expect(await call(action([], throws))).toEqual({ ok: false, code: "failed", fields: [] });
    await expect(call(quietAction([], throws))).rejects.toThrow("action failed");
  });
});
