import type { Page } from "@playwright/test";
import { expectDoorsGood, violationsOf } from "./accessible";
import { configureToken, createInstance, expect, test } from "./fixtures";

async function expectAccessible(page: Page, what: string) {
  expect([what, ...(await violationsOf(page))]).toEqual([what]);
}

test("log-in and registration are accessible on wide and narrow screens", async ({ page }) => {
  await expectDoorsGood(page, "light");
});

test("dialogs are accessible, hold the focus and give it back", async ({ owner }) => {
  const { page } = owner;
  // Half-faded text would be measured for contrast.
  await page.emulateMedia({ reducedMotion: "reduce" });
  await createInstance(page, "Night orders");
  await page.goto("/instances");
  const opener = page.getByRole("button", { name: "New instance" }).first();
  await opener.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Name", { exact: true })).toBeFocused();
  await expectAccessible(page, "new instance dialog");
  for (let presses = 0; presses < 12; presses++) await page.keyboard.press("Tab");
  expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(opener).toBeFocused();

  await configureToken(page);
  await page.getByRole("button", { name: "Activate Token" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectAccessible(page, "activate dialog");
});
