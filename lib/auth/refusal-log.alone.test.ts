import { beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { invalidField, Refusal } from "@/lib/domain/errors";
import { parse } from "@/lib/services/parse";
import { askedOf } from "./origin";
import { pageHeader } from "./page-header";
import { tellForeign, tellRefusal, tellSignOnProblem } from "./refusal-log";

const warn = vi.hoisted(() => vi.fn());
vi.mock("./log", () => ({ log: () => ({ warn }) }));

const typed = "hunter2";
const headers = new Headers({
  "x-forwarded-for": "203.0.113.9",
  "user-agent": typed,
  cookie: typed,
  origin: `https://${typed}.example`,
  "sec-fetch-site": "cross-site",
  [pageHeader]: `/instances/${typed}?q=${typed}`,
});
const asked = askedOf(headers);
const told = { address: "203.0.113.9", page: "/instances/{…}" };

const lines = () => warn.mock.calls.map((line) => JSON.parse(JSON.stringify(line)));

beforeEach(() => warn.mockReset());

test("a refused try to get in is one line: what, from where, nothing that was typed", () => {
  tellRefusal(new Refusal("bad_credentials"), asked);
  tellRefusal(new Refusal("limited", { retryAfter: 9 }), asked);
  tellRefusal(invalidField("password", "password_wrong"), asked, "ana");
  expect(lines()).toEqual([
    [{ refused: "bad_credentials", ...told }, "sign-in refused"],
    [{ refused: "limited", ...told, retryAfter: 9 }, "sign-in refused"],
    [{ refused: "password_wrong", ...told, person: "ana" }, "sign-in refused"],
  ]);
});

test("a sign-in at a provider that led nowhere is one line too", () => {
  tellSignOnProblem("clock", "RPError", { address: "203.0.113.9", userAgent: typed });
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
  tellRefusal(refusal as Refusal, asked, "ana");
  tellRefusal(invalidField("headers.0.name", "header_reserved", { name: typed }), asked);
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
  tellRefusal(new Refusal("invalid", { fields }), asked);
  expect(warn.mock.calls[0]?.[0].fields).toHaveLength(20);
});

test("what is against the rules is one line, with the permission where one was missing", () => {
  tellRefusal(new Refusal("last_owner"), asked, "ana");
  tellRefusal(new Refusal("forbidden", { permission: "account.delete" }), asked, "ana");
  tellRefusal(new Refusal("unauthenticated"), asked);
  expect(lines()).toEqual([
    [{ refused: "last_owner", ...told, person: "ana" }, "call refused"],
    [{ refused: "forbidden", ...told, person: "ana", permission: "account.delete" }, "call refused"],
    [{ refused: "unauthenticated", ...told }, "call refused"],
  ]);
});

test("being asked for a proof is none", () => {
  tellRefusal(new Refusal("proof_required"), asked, "ana");
  expect(warn).not.toHaveBeenCalled();
});

test("a request from another site is one line: which check, what was asked as a template, from where", () => {
  tellForeign("origin", {
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
    tellRefusal(invalidField("name", "required"), asked);
    tellForeign("origin", { method: "POST", url: "https://host.example/", headers });
  }
  expect(warn.mock.calls.length).toBeLessThanOrEqual(100);
});
