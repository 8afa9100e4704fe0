import { notFound, redirect } from "next/navigation";
import { describe, expect, test, vi } from "vitest";
import type { Actor } from "@/lib/domain/actor";
import { invalidField, Refusal } from "@/lib/domain/errors";
import { runAction, runPublicAction } from "./action";

const signedIn = vi.hoisted(() => ({ actor: null as Actor | null, logged: vi.fn(), warned: vi.fn() }));
vi.mock("./current-actor", () => ({
  currentActor: async () => signedIn.actor,
  currentPerson: async () => signedIn.actor,
}));
vi.mock("./log", () => ({ log: () => ({ error: signedIn.logged, warn: signedIn.warned }) }));
vi.mock("next/headers", () => ({ headers: async () => new Headers({ "x-forwarded-for": "203.0.113.9" }) }));

describe("runAction", () => {
  test("needs somebody", async () => {
    const work = vi.fn();
    expect(await runAction(work)).toEqual({ ok: false, code: "unauthenticated", fields: [] });
    expect(work).not.toHaveBeenCalled();
  });

  test("hands the actor over and the outcome back", async () => {
    signedIn.actor = { email: "ana@example.com" } as Actor;
    expect(await runAction(async ({ email }) => email)).toEqual({ ok: true, data: "ana@example.com" });
  });

  test("says in the log who was refused", async () => {
    signedIn.actor = { userId: "ana" } as Actor;
    await runAction(() => Promise.reject(invalidField("name", "too_long", { max: 80 })));
    expect(signedIn.warned).toHaveBeenLastCalledWith(
      expect.objectContaining({ person: "ana", address: "203.0.113.9", fields: ["name: too_long"] }),
      "input refused",
    );
  });
});

describe("runPublicAction", () => {
  const outcome = (error: unknown) => runPublicAction(() => Promise.reject(error));

  test("answers refusals in full", async () => {
    expect(await outcome(new Refusal("limited", { retryAfter: 9 }))).toEqual({
      ok: false,
      code: "limited",
      fields: [],
      retryAfter: 9,
    });
    expect(await outcome(invalidField("name", "too_long", { max: 80 }))).toEqual({
      ok: false,
      code: "invalid",
      fields: [{ field: "name", code: "too_long", params: { max: 80 } }],
    });
  });

  test("says nothing of what broke, but logs it", async () => {
    const error = new Error("password=hunter2");
    expect(await outcome(error)).toEqual({ ok: false, code: "failed", fields: [] });
    expect(signedIn.logged).toHaveBeenCalledOnce();
  });

  test("lets Next.js's own signals pass", async () => {
    await expect(runPublicAction(async () => redirect("/login"))).rejects.toThrow("NEXT_REDIRECT");
    await expect(runPublicAction(async () => notFound())).rejects.toThrow("NEXT_HTTP_ERROR_FALLBACK");
  });
});
