import type { Locator, Page } from "@playwright/test";
import { configureToken, createInstance, expect, test, tokenModule } from "./fixtures";
import { takeNewToken } from "./page-parts";

/** Double-clicks, and gives what the page has sent to change something once it says so. */
async function changesSent(page: Page, button: Locator, done: Locator): Promise<number> {
  let sent = 0;
  const count = (request: { headers(): Record<string, string> }) => {
    if (request.headers()["next-action"]) sent++;
  };
  page.on("request", count);
  await button.dblclick();
  await expect(done).toBeVisible();
  page.off("request", count);
  return sent;
}

test("a double click on Activate, Rotate and Finish sends one change", async ({ owner }) => {
  const { page } = owner;
  await createInstance(page, "Night orders");
  await configureToken(page);
  const module = tokenModule(page);
  const dialog = page.getByRole("dialog");

  await page.getByRole("button", { name: "Activate Token" }).click();
  const activate = dialog.getByRole("button", { name: "Activate", exact: true });
  expect(await changesSent(page, activate, module.getByText("Active", { exact: true }))).toBe(1);

  await page.getByRole("button", { name: "Rotate token" }).click();
  await dialog.getByLabel("Overlap").selectOption({ label: "Until I finish" });
  const rotate = dialog.getByRole("button", { name: "Rotate", exact: true });
  expect(await changesSent(page, rotate, page.getByLabel("Account security token", { exact: true }))).toBe(1);
  const token = await takeNewToken(page);
  await expect(module).toContainText(token.slice(-4));

  const finish = page.getByRole("button", { name: "Finish rotation" });
  expect(await changesSent(page, finish, page.getByRole("button", { name: "Rotate token" }))).toBe(1);
  await page.goto("/activity");
  for (const event of [/^Activated/, /^Rotated/, /^Finished/]) {
    await expect(page.getByText(event)).toHaveCount(1);
  }
});
