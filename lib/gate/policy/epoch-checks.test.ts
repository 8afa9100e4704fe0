import { expect, test } from "vitest";
import { EpochChecks, EpochMarks } from "./epochs";

function checksOf(existing: readonly string[]) {
  const marks = new EpochMarks();
  const gone: string[][] = [];
  const checks = new EpochChecks({
    marks,
    readEpochs: async (asked) => new Map(asked.filter((id) => existing.includes(id)).map((id) => [id, 1n])),
    now: () => 0,
    gone: (accountIds) => gone.push([...accountIds]),
  });
  for (const accountId of ["one", "two"]) marks.hold(accountId);
  return { checks, gone };
}

test("accounts that do not exist any more are told of, all at once", async () => {
  const { checks, gone } = checksOf(["one"]);
  await checks.all();
  expect(gone).toEqual([["two"]]);
});

test("while all accounts exist nothing is looked through", async () => {
  const { checks, gone } = checksOf(["one", "two"]);
  await checks.all();
  expect(gone).toEqual([]);
});
