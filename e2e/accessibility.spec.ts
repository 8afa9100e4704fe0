import type { Page } from "@playwright/test";
import { questionFor, violationsOf } from "./accessible";
import { configureToken, createInstance, expect, test } from "./fixtures";

const schemes = ["light", "dark"] as const;
const widths = [1280, 390, 360] as const;

async function expectAccessible(page: Page, what: string) {
  expect([what, ...(await violationsOf(page))]).toEqual([what]);
}

async function expectGood(page: Page, path: string, scheme: "light" | "dark") {
  await page.goto(path);
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    const what = `${path} ${scheme} ${width}px`;
    await expectNoSidewaysScroll(page, what);
    const question = width === 360 ? null : questionFor(scheme, width);
    if (question) expect([what, ...(await violationsOf(page, question))]).toEqual([what]);
  }
}

async function expectNoSidewaysScroll(page: Page, what: string) {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `${what} scrolls sideways`).toBeLessThanOrEqual(0);
}

for (const scheme of schemes) {
  test(`every page is accessible and fits on wide and narrow screens, ${scheme}`, async ({ owner }) => {
    test.slow();
    const { page } = owner;
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await createInstance(
      page,
      "An instance whose name is as long as it may be, so that it has to wrap somewhere",
    );
    const instance = new URL(page.url()).pathname;
    await configureToken(page);
    const paths = ["/overview", "/instances", instance, "/security", "/activity", "/settings", "/nowhere"];
    for (const path of paths) await expectGood(page, path, scheme);
  });

  test(`log-in and registration are accessible on wide and narrow screens, ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    for (const path of ["/login", "/register"]) await expectGood(page, path, scheme);
  });
}

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
