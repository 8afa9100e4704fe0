import { beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { invalidField, Refusal } from "@/lib/domain/errors";
import { parse } from "@/lib/services/parse";
import { logForeignWrite, logRefusal, logSignOnProblem } from "./log";
import { pageHeader } from "./origin";

const warn = vi.hoisted(() => vi.fn());
vi.mock("@/lib/log/logger", async (original) => ({
  ...(await original<object>()),
  createLog: () => ({ warn }),
}));

const typed = "hunter2";
const headers = new Headers({
  "x-forwarded-for": "203.0.113.9",
  "user-agent": typed,
  cookie: typed,
  origin: `https://${typed}.example`,
  "sec-fetch-site": "cross-site",
  [pageHeader]: `/instances/${typed}?q=${typed}`,
});
const told = { address: "203.0.113.9", page: "/instances/{…}" };

const lines = () => warn.mock.calls.map((line) => JSON.parse(JSON.stringify(line)));

beforeEach(() => warn.mockReset());

test("a refused try to get in is one line: what, from where, nothing that was typed", () => {
  logRefusal(new Refusal("bad_credentials"), headers);
  logRefusal(new Refusal("limited", { retryAfter: 9 }), headers);
  logRefusal(invalidField("password", "password_wrong"), headers, "ana");
  expect(lines()).toEqual([
    [{ refused: "bad_credentials", ...told }, "sign-in refused"],
    [{ refused: "limited", ...told, retryAfter: 9 }, "sign-in refused"],
    [{ refused: "password_wrong", ...told, person: "ana" }, "sign-in refused"],
  ]);
});

test("a sign-in at a provider that led nowhere is one line too", () => {
  logSignOnProblem("clock", "RPError", headers);
  const line = { refused: "provider_clock", kind: "RPError", address: "203.0.113.9" };
  expect(lines()).toEqual([[line, "sign-in refused"]]);
});

test("refused input is one line with the fields by name, and nothing that was typed", () => {
  const schema = z.strictObject({
    name: z.string().max(3),
    headers: z.array(z.object({ value: z.string().max(3) })),
  });
  const forged = { name: typed, headers: [{ value: typed }, typed], [typed]: typed };
  let refusal: unknown;
  try {
    parse(schema, forged);
  } catch (error) {
    refusal = error;
  }
  logRefusal(refusal as Refusal, headers, "ana");
  logRefusal(invalidField("headers.0.name", "header_reserved", { name: typed }), headers);
  expect(lines()).toEqual([
    [
      {
        refused: "invalid",
        ...told,
        person: "ana",
        fields: ["name: required", "headers.0.value: required", "headers.1: required", ": required"],
      },
      "input refused",
    ],
    [{ refused: "invalid", ...told, fields: ["headers.0.name: header_reserved"] }, "input refused"],
  ]);
  expect(JSON.stringify(warn.mock.calls)).not.toContain(typed);
});

test("input with a thousand wrong fields is not a line of a thousand fields", () => {
  const fields = Array.from({ length: 1000 }, (_, index) => ({
    field: `f.${index}`,
    code: "required" as const,
  }));
  logRefusal(new Refusal("invalid", { fields }), headers);
  expect(warn.mock.calls[0]?.[0].fields).toHaveLength(20);
});

test("what is against the rules is one line, with the permission where one was missing", () => {
  logRefusal(new Refusal("last_owner"), headers, "ana");
  logRefusal(new Refusal("forbidden", { permission: "account.delete" }), headers, "ana");
  logRefusal(new Refusal("unauthenticated"), headers);
  expect(lines()).toEqual([
    [{ refused: "last_owner", ...told, person: "ana" }, "call refused"],
    [{ refused: "forbidden", ...told, person: "ana", permission: "account.delete" }, "call refused"],
    [{ refused: "unauthenticated", ...told }, "call refused"],
  ]);
});

test("being asked for a proof is none", () => {
  logRefusal(new Refusal("proof_required"), headers, "ana");
  expect(warn).not.toHaveBeenCalled();
});

test("a request from another site is one line: which check, what was asked as a template, from where", () => {
  logForeignWrite("origin", {
    method: "POST",
    url: `https://host.example/instances/${typed}?q=${typed}`,
    headers,
  });
  const line = { refused: "other_site", check: "origin", method: "POST", ...told };
  expect(lines()).toEqual([[{ ...line, page: "/instances/{…}" }, "request refused"]]);
  expect(JSON.stringify(warn.mock.calls)).not.toContain(typed);
});

test("a flood of tries is not a flood of lines", () => {
  for (let i = 0; i < 500; i++) {
    logRefusal(invalidField("name", "required"), headers);
    logForeignWrite("origin", { method: "POST", url: "https://host.example/", headers });
  }
  expect(warn.mock.calls.length).toBeLessThanOrEqual(100);
});
