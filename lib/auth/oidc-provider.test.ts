import { expect, test } from "vitest";
import { problemOf } from "./oidc-provider";

const failure = (facts: object) => Object.assign(new Error("state=secret"), facts);

test.each([
  [failure({ now: 1, exp: 0, jwt: "x" }), "clock"],
  [failure({ code: "ECONNREFUSED" }), "unavailable"],
  [failure({ code: "ETIMEDOUT" }), "unavailable"],
  [failure({ error: "server_error" }), "unavailable"],
  [failure({ error: "invalid_grant" }), "failed"],
  [failure({ code: "ERR_INVALID_URL" }), "failed"],
  [failure({}), "failed"],
  ["text", "failed"],
])("%s is told as: %s", (error, problem) => {
  expect(problemOf(error)).toBe(problem);
});
