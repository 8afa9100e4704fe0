import { describe, expect, test } from "vitest";
import { answer, answerStyleOf, answerStyles } from "./answer-style";
import type { Denial, DenialReason } from "./gate";

const deny = (status: Denial["status"], error: string, reason: DenialReason): Denial => ({
  kind: "deny",
  status,
  body: { error },
  reason,
  token: null,
});

const missing = deny(403, "null not allowed", "missing");
const wrong = ["malformed", "unknown", "retired", "instance_token", "duplicate", "placeholder"] as const;
const others = [
  deny(400, "Invalid path", "invalid_path"),
  deny(403, "Instance paused", "instance_paused"),
  deny(403, "203.0.113.9 not allowed", "address"),
  deny(503, "Policy unavailable", "policy_unavailable"),
];
const unknown = deny(404, "Instance not found", "unknown_instance");
const wrongTokens = wrong.map((reason) => deny(403, "Client-Token not allowed", reason));

describe("answers to rejected callers", () => {
  test("documented changes nothing", () => {
    for (const denial of [missing, unknown, ...wrongTokens, ...others])
      expect(answer(denial, "documented")).toBe(denial);
  });

  test("as Z-API answers: 400 without a token and for an unknown instance, the contract for the rest", () => {
    expect(answer(missing, "z_api")).toEqual({
      status: 400,
      body: { error: "your client-token is not configured" },
      reason: "missing",
    });
    expect(answer(unknown, "z_api")).toMatchObject({ status: 400, body: { error: "Instance not found" } });
    for (const denial of [...wrongTokens, ...others]) expect(answer(denial, "z_api")).toBe(denial);
  });

  test("401 with a challenge for whatever is wrong with the token, the body stays; nothing else changes", () => {
    for (const { body, reason, ...denial } of [missing, ...wrongTokens])
      expect(answer({ ...denial, body, reason }, "unauthorized")).toEqual({
        status: 401,
        body,
        reason,
        challenge: 'Client-Token realm="Latchkey"',
      });
    for (const denial of [unknown, ...others]) expect(answer(denial, "unauthorized")).toBe(denial);
  });

  test("a name that is none is the contract's", () => {
    expect(answerStyles.map(answerStyleOf)).toEqual([...answerStyles]);
    expect(answerStyleOf("later")).toBe("documented");
  });
});
