import { beforeEach, expect, test, vi } from "vitest";
import { invalidField, Refusal } from "@/lib/domain/errors";
import { tellRefusal, tellSignOnProblem } from "./refusal-log";

const warn = vi.hoisted(() => vi.fn());
vi.mock("./log", () => ({ log: () => ({ warn }) }));

const origin = { address: "203.0.113.9", userAgent: "Thief\n{}" };

beforeEach(() => warn.mockReset());

test("a refused try to get in is one line: what, from where, nothing that was typed", () => {
  tellRefusal(new Refusal("bad_credentials"), origin);
  tellRefusal(new Refusal("limited", { retryAfter: 9 }), origin);
  tellRefusal(invalidField("password", "password_wrong"), origin);
  expect(warn.mock.calls).toEqual([
    [{ refused: "bad_credentials", address: "203.0.113.9", retryAfter: undefined }, "sign-in refused"],
    [{ refused: "limited", address: "203.0.113.9", retryAfter: 9 }, "sign-in refused"],
    [{ refused: "password_wrong", address: "203.0.113.9", retryAfter: undefined }, "sign-in refused"],
  ]);
});

test("a sign-in at a provider that led nowhere is one line too", () => {
  tellSignOnProblem("clock", "RPError", origin);
  const line = { refused: "provider_clock", kind: "RPError", address: "203.0.113.9" };
  expect(warn.mock.calls).toEqual([[line, "sign-in refused"]]);
});

test("what is no try to get in is none", () => {
  for (const refusal of [new Refusal("conflict"), invalidField("name", "required")])
    tellRefusal(refusal, origin);
  expect(warn).not.toHaveBeenCalled();
});

test("a flood of tries is not a flood of lines", () => {
  for (let i = 0; i < 1000; i++) tellRefusal(new Refusal("bad_credentials"), origin);
  expect(warn.mock.calls.length).toBeLessThanOrEqual(100);
});
