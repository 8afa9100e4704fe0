import { expect, test } from "vitest";
import type { TokenStatus } from "./enforcement";
import { type NextStep, nextStep } from "./security-token";

test.each<[TokenStatus, number, NextStep]>([
  ["none", 0, "create_instance"],
  ["disabled", 0, "create_instance"],
  ["none", 2, "configure_token"],
  ["disabled", 2, "activate_token"],
  ["staged", 2, "activate_token"],
  ["active", 2, "none"],
])("with the token %s and %i instances the next step is %s", (status, totalInstances, step) => {
  expect(nextStep({ status, totalInstances })).toBe(step);
});
