import { expectDoorsGood, expectEveryPageGood } from "./accessible";
import { test } from "./fixtures";

for (const scheme of ["light", "dark"] as const) {
  test(`every page is accessible and fits on wide and narrow screens, ${scheme}`, async ({ owner }) => {
    test.slow();
    await expectEveryPageGood(owner.page, scheme);
  });
}

test("log-in and registration are accessible on wide and narrow screens, dark", async ({ page }) => {
  await expectDoorsGood(page, "dark");
});
