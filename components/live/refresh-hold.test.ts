import { expect, test } from "vitest";
import { holdRefresh, isRefreshHeld, refreshAllowed } from "./refresh-hold";

const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

test("refreshes wait until the last of those who hold them lets go", async () => {
  await refreshAllowed();
  const letGo = [holdRefresh(), holdRefresh()];
  let allowed = 0;
  const waiting = [1, 2].map(() => refreshAllowed().then(() => allowed++));
  letGo[0]?.();
  await soon();
  expect([allowed, isRefreshHeld()]).toEqual([0, true]);
  letGo[1]?.();
  await Promise.all(waiting);
  expect([allowed, isRefreshHeld()]).toEqual([2, false]);
});
