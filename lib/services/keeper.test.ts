import { expect, it } from "vitest";
import { Refusal } from "@/lib/domain/errors";
import { startKeeper } from "./keeper";
import type { Duty } from "./use-case";

const duty = (accounts: readonly string[], run: (accountId: string) => Promise<void>): Duty => ({
  name: "test",
  accounts: async () => accounts,
  run,
});

/** Something to wait for, and how to end it. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

it("looks at every account although one of them takes long, and at that one not twice", async () => {
  const { opened, open } = gate();
  const looks = new Map<string, number>();
  const keeper = startKeeper(
    [
      duty(["slow", "a", "b", "c"], async (accountId) => {
        looks.set(accountId, (looks.get(accountId) ?? 0) + 1);
        if (accountId === "slow") await opened;
      }),
    ],
    2,
  );
  await expect.poll(() => ["a", "b", "c"].every((id) => (looks.get(id) ?? 0) > 3)).toBe(true);
  expect(looks.get("slow")).toBe(1);
  open();
  await keeper.close();
});

it("tries again what failed, and goes on with what did not", async () => {
  const looks: string[] = [];
  const failing: Duty = {
    name: "failing",
    accounts: async () => {
      looks.push("accounts");
      throw new Error("the database is away");
    },
    run: async () => {},
  };
  const keeper = startKeeper(
    [
      failing,
      duty(["broken", "gone", "fine"], async (accountId) => {
        looks.push(accountId);
        if (accountId === "broken") throw new Error("no");
        if (accountId === "gone") throw new Refusal("not_found");
      }),
    ],
    2,
  );
  const times = (name: string) => looks.filter((each) => each === name).length;
  await expect.poll(() => ["accounts", "broken", "gone", "fine"].every((name) => times(name) > 2)).toBe(true);
  await keeper.close();
});

it("ends once what is under way is settled, and begins nothing more", async () => {
  const { opened, open } = gate();
  const done: string[] = [];
  let begun = 0;
  const keeper = startKeeper(
    [
      duty(["a", "b", "c", "d"], async (accountId) => {
        begun++;
        await opened;
        done.push(accountId);
      }),
    ],
    2,
  );
  await expect.poll(() => begun).toBe(2);
  const closed = keeper.close();
  open();
  await closed;
  expect(done).toEqual(["a", "b"]);
  expect(begun).toBe(2);
});
