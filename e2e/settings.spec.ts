import { insertMembers } from "./database";
import { expect, test } from "./fixtures";

test("on a narrow screen, all members are reached by keyboard, and a message stands in nobody's way", async ({
  owner: { page, email },
}) => {
  await insertMembers(email, 11);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/settings");
  const members = page.getByRole("region", { name: "Members" });
  const rows = members.getByRole("row").filter({ has: page.getByText("@") });
  await expect(rows).toHaveCount(10);
  await members.getByRole("button", { name: "Show all 12" }).press("Enter");
  await expect(rows).toHaveCount(12);
  await expect(rows.nth(10)).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(rows.nth(10).getByRole("button").first()).toBeFocused();

  await page.getByLabel("Account name").fill("Bakery at the harbour");
  await page.getByLabel("Account name").press("Enter");
  const messages = page.getByRole("region", { name: "Messages" });
  const message = messages.getByRole("paragraph");
  await expect(message).toBeVisible();
  const box = await message.boundingBox();
  if (!box) throw new Error("the message has no place");
  expect(box.y).toBeLessThan(100);
  const isInTheWay = await messages.evaluate((region, { x, y, width, height }) => {
    return region.contains(document.elementFromPoint(x + width / 2, y + height / 2));
  }, box);
  expect(isInTheWay).toBe(false);
  await messages.getByRole("button", { name: "Dismiss message" }).click();
  await expect(message).toHaveCount(0);
});

test("an alert is switched off for oneself, with and without JavaScript, and the trail says so", async ({
  owner: { page },
  browser,
  contextOptions,
}) => {
  await page.goto("/settings#alerts");
  const stopped = (on: typeof page) =>
    on.getByRole("region", { name: "Alerts" }).getByRole("switch", { name: "A caller stopped working" });
  await expect(page.getByRole("region", { name: "Alerts" })).toContainText("Your address is not confirmed");
  await stopped(page).click();
  await expect(stopped(page)).toHaveAccessibleDescription("Off");
  await expect(stopped(page)).toHaveAttribute("aria-busy", "false");
  await page.reload();
  await expect(stopped(page)).not.toBeChecked();

  const plain = await browser.newContext({
    ...contextOptions,
    javaScriptEnabled: false,
    storageState: await page.context().storageState(),
  });
  const other = await plain.newPage();
  await other.goto("/settings");
  await stopped(other).click();
  await expect(stopped(other)).toBeChecked();
  await plain.close();
  await page.goto("/activity");
  await expect(page.getByText(/^Switched alerts by mail (off|on) for themselves/)).toHaveCount(2);
});
