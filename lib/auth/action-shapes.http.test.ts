import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { makeActor } from "@/test/support/accounts";
import { base, cookieOf, outcomeOf } from "@/test/support/browser-request";
import { builtActions, serverFiles } from "@/test/support/built-actions";

const marker = "hunter2";

function form(parts: Readonly<Record<string, string | Blob>>): FormData {
  const body = new FormData();
  for (const [name, part] of Object.entries(parts)) body.append(name, part);
  return body;
}

/** Arguments as a browser could write them (React's reply format), none of which any action asks for. */
const wrong: Readonly<Record<string, string | FormData>> = {
  nothing: "[]",
  null: "[null,null]",
  undefined: '["$undefined","$undefined"]',
  "a number": "[1,1]",
  "not a number": '["$NaN","$Infinity"]',
  "a text": `["${marker}","${marker}"]`,
  "an array": `[["${marker}"],["${marker}"]]`,
  "an object of other things": `[{"a":{"b":[1]}},{"__proto__":{"name":"x"},"constructor":1}]`,
  "fields of the wrong kind": '[{"name":{},"instanceId":["x"],"answer":1,"text":null,"required":"x"},null]',
  "a date": '["$D2026-01-01T00:00:00.000Z","$Dx"]',
  "a big number": '["$n12345678901234567890","$n1"]',
  "a symbol": '["$Sreact.element","$Sx"]',
  "a temporary reference": '["$T","$T"]',
  "a promise": form({ 0: '["$@1","$@1"]', 1: `"${marker}"` }),
  "a map and a set": form({ 0: '["$Q1","$W2"]', 1: `[["name","${marker}"]]`, 2: "[1]" }),
  "a file": form({ 0: '["$B1","$B1"]', 1: new Blob([marker]) }),
  bytes: form({ 0: '["$A1","$o1"]', 1: new Blob([marker]) }),
  "a form with files for fields": form({
    0: '["$K1","$K1"]',
    _1_name: new Blob([marker]),
    _1_email: new Blob([marker]),
    _1_password: new Blob([marker]),
    _1_sessionId: new Blob([marker]),
  }),
  "an iterator": form({ 0: '["$i1","$i1"]', 1: "[1,2]" }),
  "many arguments": JSON.stringify(Array(999).fill({})),
  "a huge text": JSON.stringify([{ name: "x".repeat(500_000) }, "x".repeat(400_000)]),
  "deep nesting": `[${'{"a":'.repeat(2000)}1${"}".repeat(2000)}]`,
};

/** Bodies that cannot be read at all. */
const unreadable: Readonly<Record<string, string | FormData>> = {
  "no JSON": `{"${marker}`,
  "a big number with lines": JSON.stringify([`$n1\n{"name":"audit","${marker}":1}\n`]),
  "an unknown server reference": form({ 0: '["$F1"]', 1: `{"id":"${marker}","bound":null}` }),
  "a function of another kind": '["$h1"]',
  "too many arguments": JSON.stringify(Array(1500).fill(0)),
  "an empty text": "",
};

const actions = builtActions();
const log = () => readFileSync("test-results/http-dashboard.log", "utf8");

let cookie: string;
let accountId: string;

beforeAll(async () => {
  const owner = await makeActor();
  accountId = owner.accountId;
  cookie = await cookieOf(owner);
});

const send = (action: { id: string; page: string }, body: string | FormData, from = cookie) =>
  fetch(base + action.page, {
    method: "POST",
    redirect: "manual",
    headers: {
      accept: "text/x-component",
      cookie: from,
      "next-action": action.id,
      origin: base,
      ...(typeof body === "string" && { "content-type": "text/plain;charset=UTF-8" }),
    },
    body,
  });

/** They take no argument, and their own account and session are what they change. */
const argumentless = new Set([
  ...["configureTokenAction", "deactivateTokenAction", "leaveAccountAction", "requestVerificationAction"],
  ...["observeAddressesAction", "stopEnforcingAddressesAction", "stopObservingAddressesAction"],
  ...["startTotpAction", "removeTotpAction", "regenerateRecoveryCodesAction", "forecastGraceAction"],
  "endOtherSessionsAction",
  ...["startPasskeyAction", "startPasskeyProofAction"],
  ...serverFiles().flatMap((source) =>
    [...source.matchAll(/export const (\w+) = \w+\(\s*\[\]/g)].map(([, name = ""]) => name),
  ),
]);

describe("a server action", () => {
  test("is made by one of four functions that parse first, whichever it is", () => {
    for (const source of serverFiles()) {
      const exported = [...source.matchAll(/^export .*$/gm)].map(([line]) => line);
      for (const line of exported)
        expect(line).toMatch(/^export const \w+ = (?:serverAction|formAction|quietAction|actionOf)\(/);
    }
    expect(actions.length).toBeGreaterThan(70);
  });

  // Both functions are one for all actions, so each shape meets every fourth action, and each action every fourth shape.
  const share = 4;
  test.each(Object.entries(wrong).map(([what, body], at) => [what, body, at % share] as const))(
    "given %s refuses, changes nothing and prints no stack",
    async (_what, body, turn) => {
      const before = await db.account.findUniqueOrThrow({ where: { id: accountId } });
      const printed = log().length;
      const outcomes: string[] = [];
      const withArguments = actions.filter(({ name }) => !argumentless.has(name));
      for (const action of withArguments.filter((_, at) => at % share === turn)) {
        const response = await send(action, body);
        const outcome = await outcomeOf(response);
        if (response.status >= 500 || outcome === "failed" || outcome === "done")
          outcomes.push(`${action.name}: ${outcome}`);
      }
      expect(
        outcomes.filter((outcome) => !/^(rememberTimeZone|choose(?:Theme|Language))/.test(outcome)),
      ).toEqual([]);
      const after = await db.account.findUniqueOrThrow({ where: { id: accountId } });
      expect(after).toEqual(before);
      expect(log().slice(printed)).not.toMatch(/"frames"|hunter2/);
    },
  );

  test.each(Object.entries(unreadable))(
    "%s is answered 400, in few words, and is no stack in the log",
    async (_what, body) => {
      const printed = log().length;
      for (const action of actions.slice(0, 5)) {
        const response = await send(action, body);
        expect([response.status, await response.text()]).toEqual([400, '{"error":"Malformed request"}']);
        expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      }
      await expect.poll(() => log().slice(printed)).toContain('"refused":"malformed"');
      expect(log().slice(printed)).not.toMatch(/"frames"|hunter2/);
    },
  );
});
