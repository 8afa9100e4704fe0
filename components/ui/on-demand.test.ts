import { expect, test } from "vitest";
import { onDemand } from "./on-demand";

test("a part is loaded once, however often it is asked for", async () => {
  let times = 0;
  const dialog = onDemand(async () => ({ times: ++times }));
  expect(dialog.part).toBeNull();
  dialog.preload();
  expect(await Promise.all([dialog.load(), dialog.load()])).toEqual([true, true]);
  expect(dialog.part).toEqual({ times: 1 });
});

test("a part that could not be had is tried again by the next who asks", async () => {
  let online = false;
  const dialog = onDemand(async () => {
    if (!online) throw new Error("the network is away");
    return "here";
  });
  expect(await dialog.load()).toBe(false);
  online = true;
  expect(await dialog.load()).toBe(true);
  expect(dialog.part).toBe("here");
});
