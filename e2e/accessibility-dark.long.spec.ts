import { expectDoorsGood, expectEveryPageGood } from "./accessible";
import { test } from "./fixtures";

test("every page is accessible and fits on wide and narrow screens, dark", async ({ owner }) => {
  test.slow();
  await expectEveryPageGood(owner.page, "dark");
});

test("log-in and registration are accessible on wide and narrow screens, dark", async ({ page }) => {
  await expectDoorsGood(page, "dark");
});
