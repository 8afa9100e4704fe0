import { expect, test } from "vitest";
import { policy } from "../../../test/support/policies";
import { AccountEpochs } from "./epochs";

function epochsOf(existing: readonly string[]) {
  const gone: string[][] = [];
  const epochs = new AccountEpochs({
    readEpochs: async (asked) => new Map(asked.filter((id) => existing.includes(id)).map((id) => [id, 1n])),
    now: () => 0,
    onGone: (accountIds) => gone.push([...accountIds]),
  });
  for (const accountId of ["one", "two"]) epochs.hold(policy("a", 1n, accountId), 0);
  return { epochs, gone };
}

test("accounts that do not exist any more are told of, all at once", async () => {
  const { epochs, gone } = epochsOf(["one"]);
  await epochs.compareAll();
  expect(gone).toEqual([["two"]]);
});

test("while all accounts exist nothing is looked through", async () => {
  const { epochs, gone } = epochsOf(["one", "two"]);
  await epochs.compareAll();
  expect(gone).toEqual([]);
});
