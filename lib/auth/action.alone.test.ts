import { revalidatePath } from "next/cache";
import { notFound, redirect } from "next/navigation";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { invalidField, Refusal } from "@/lib/domain/errors";
import {
  actionOf,
  answer,
  asMember,
  asPerson,
  formAction,
  formData,
  giveBack,
  quietAction,
  serverAction,
} from "./action";

const written = vi.hoisted(() => ({ error: vi.fn(), warn: vi.fn() }));
vi.mock("@/lib/log/logger", async (original) => ({
  ...(await original<object>()),
  createLog: () => written,
}));
vi.mock("next/headers", () => ({ headers: async () => new Headers({ "x-forwarded-for": "203.0.113.9" }) }));
vi.mock("next/cache", () => ({ revalidatePath: vi.fn() }));

const signedIn = vi.hoisted(() => ({ actor: null as Actor | null }));
vi.mock("./current-actor", () => ({
  currentActor: async () => signedIn.actor,
  currentPerson: async () => signedIn.actor,
}));

beforeEach(() => {
  signedIn.actor = null;
  vi.clearAllMocks();
});

const run = vi.fn(async () => "done");
const useCase = vi.fn(async (_actor: Actor, _input: { name: string; site: string }) => "done");
const object = serverAction([z.object({ name: z.string(), on: z.boolean() })], run);
const form = serverAction([formData], run);
const signed = serverAction([answer()], run);
const fields = formAction(["name"], async () => void (await run()));
const throws = () => {
  throw new Error("hunter2");
};

/** Calls as nobody who has the types could. */
const call = (declared: unknown, ...given: unknown[]) =>
  (declared as (...all: unknown[]) => unknown)(...given);

const formOf = (values: Readonly<Record<string, string | Blob>>) => {
  const sent = new FormData();
  for (const [name, value] of Object.entries(values)) sent.append(name, value);
  return sent;
};

describe("what no caller of ours would give is refused, and nothing runs", () => {
  test.each<[what: string, given: unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a number", 1],
    ["a big number", 10n],
    ["a text", "x"],
    ["an array", ["x"]],
    ["fields of the wrong kind", { name: 1, on: "x" }],
    ["a getter that throws", Object.defineProperty({ on: true }, "name", { get: throws, enumerable: true })],
    ["a proxy that throws", new Proxy({}, { get: throws, has: throws, ownKeys: throws })],
    ["a prototype", JSON.parse('{"__proto__":{"name":"x","on":true}}')],
    ["a map", new Map([["name", "x"]])],
    ["a set", new Set(["name"])],
    ["a date", new Date()],
    ["a promise", Promise.resolve({ name: "x", on: true })],
    ["a function", () => ({ name: "x", on: true })],
    ["a symbol", Symbol("x")],
    ["a file", new Blob(["x"])],
  ])("%s", async (_what, given) => {
    expect(await call(object, given)).toMatchObject({ ok: false, code: "invalid" });
    expect(await call(form, given)).toMatchObject({ ok: false, code: "invalid" });
    expect(await call(fields, given, given)).toMatchObject({ ok: false, code: "invalid" });
    expect(run).not.toHaveBeenCalled();
    expect(written.error).not.toHaveBeenCalled();
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
    expect(await call(object, { name: "x", on: true, more: 1 }, "more")).toEqual({ ok: true, data: "done" });
    expect(run.mock.lastCall).toEqual([{ name: "x", on: true }]);
  });

  test("may redirect, or lead nowhere", async () => {
    await expect(call(serverAction([], async () => redirect("/login")))).rejects.toThrow("NEXT_REDIRECT");
    await expect(call(quietAction([], async () => redirect("/login")))).rejects.toThrow("NEXT_REDIRECT");
    await expect(call(serverAction([], async () => notFound()))).rejects.toThrow("NEXT_HTTP_ERROR_FALLBACK");
  });

  test("and what breaks is logged, and answered without its message or shown as an error page", async () => {
    expect(await call(serverAction([], throws))).toEqual({ ok: false, code: "failed", fields: [] });
    expect(written.error).toHaveBeenCalledOnce();
    await expect(call(quietAction([], throws))).rejects.toThrow("action failed");
  });
});

describe("a refusal", () => {
  const refusing = (error: Refusal) => async () => Promise.reject(error);

  test("is answered in full", async () => {
    expect(await serverAction([], refusing(new Refusal("limited", { retryAfter: 9 })))()).toEqual({
      ok: false,
      code: "limited",
      fields: [],
      retryAfter: 9,
    });
    expect(await serverAction([], refusing(invalidField("name", "too_long", { max: 80 })))()).toEqual({
      ok: false,
      code: "invalid",
      fields: [{ field: "name", code: "too_long", params: { max: 80 } }],
    });
  });

  test("may lead elsewhere, or be answered in another way, once it is logged", async () => {
    const over = refusing(new Refusal("link_over"));
    const leads = formAction(["page"], over, async (_refused, { page }) => redirect(page));
    await expect(leads(null, formOf({ page: "/login" }))).rejects.toThrow("NEXT_REDIRECT");
    expect(written.warn).toHaveBeenCalledWith(
      expect.objectContaining({ refused: "link_over" }),
      "call refused",
    );
    const answers = serverAction([], over, async () => ({ ok: true, data: "begin again" }));
    expect(await answers()).toEqual({ ok: true, data: "begin again" });
  });
});

describe("a form", () => {
  test("gives its fields as text, and none that was not asked for", async () => {
    const got = vi.fn(async (_values: object) => {});
    const sent = formAction(["name", "file", "gone"], got);
    const given = formOf({ name: "x", file: new Blob(["x"]), more: "y" });
    expect(await sent(null, given)).toEqual({ ok: true, data: null });
    expect(got.mock.lastCall).toEqual([{ name: "x", file: "", gone: "" }]);
  });

  test("comes back with what was typed, where that is no secret", async () => {
    const refuses = async () => Promise.reject(new Refusal("bad_credentials"));
    const sent = formAction(["email", "password"], refuses, giveBack("email"));
    const outcome = await sent(null, formOf({ email: "ana@example.com", password: "hunter2" }));
    expect(outcome).toMatchObject({ code: "bad_credentials", values: { email: "ana@example.com" } });
    expect(JSON.stringify(outcome)).not.toContain("hunter2");
  });
});

describe("an action for somebody", () => {
  test("needs somebody", async () => {
    for (const as of [asMember, asPerson]) {
      const outcome = await serverAction([], () => as(run))();
      expect(outcome).toEqual({ ok: false, code: "unauthenticated", fields: [] });
    }
    expect(await call(actionOf(useCase), {})).toMatchObject({ code: "unauthenticated" });
    expect([run, useCase].map((each) => each.mock.calls)).toEqual([[], []]);
  });

  test("hands the actor over and the outcome back", async () => {
    signedIn.actor = { email: "ana@example.com" } as Actor;
    const outcome = await serverAction([], () => asMember(async ({ email }) => email))();
    expect(outcome).toEqual({ ok: true, data: "ana@example.com" });
  });

  test("says in the log who was refused", async () => {
    signedIn.actor = { userId: "ana" } as Actor;
    for (const as of [asMember, asPerson]) {
      await serverAction([], () => as(async () => Promise.reject(invalidField("name", "too_long"))))();
      expect(written.warn).toHaveBeenLastCalledWith(
        expect.objectContaining({ person: "ana", address: "203.0.113.9", fields: ["name: too_long"] }),
        "input refused",
      );
    }
  });
});

describe("an action of a use case", () => {
  beforeEach(() => {
    signedIn.actor = { userId: "ana" } as Actor;
  });

  test("draws the page anew when it is done, or the page is out of date", async () => {
    const refuse = (code: "conflict" | "last_owner" | "proof_required") =>
      useCase.mockRejectedValueOnce(new Refusal(code));
    const change = actionOf(useCase, "/security");
    for (const [before, drawn] of [
      [() => {}, 1],
      [() => refuse("conflict"), 1],
      [() => refuse("last_owner"), 1],
      [() => refuse("proof_required"), 0],
    ] as const) {
      vi.mocked(revalidatePath).mockClear();
      before();
      await change({ name: "x", site: "y" });
      expect(vi.mocked(revalidatePath).mock.calls).toEqual(Array(drawn).fill(["/security"]));
    }
    vi.mocked(revalidatePath).mockClear();
    await actionOf(useCase)({ name: "x", site: "y" });
    expect(revalidatePath).not.toHaveBeenCalled();
  });

  test("gets from the request what the browser must not say", async () => {
    const declared = actionOf(useCase, undefined, async () => ({ site: "ours" }));
    await declared({ name: "x" });
    expect(useCase).toHaveBeenLastCalledWith(signedIn.actor, { name: "x", site: "ours" });
    await call(declared, { name: "x", site: "forged" });
    expect(useCase).toHaveBeenLastCalledWith(signedIn.actor, { name: "x", site: "ours" });
    expect(await call(declared, new Proxy({}, { ownKeys: throws }))).toMatchObject({ code: "invalid" });
  });
});
