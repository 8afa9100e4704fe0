import type { Page } from "@playwright/test";
import { expectAccessibleEverywhere, violationsOf } from "./accessible";
import { activateToken, configureToken, expect, newInstance, test, tokenModule } from "./fixtures";
import { program } from "./page-parts";

/** What a caller did must show this soon: a second until the gate has written, and time to show it. */
const soon = 5000;

const watch = (page: Page) => page.getByRole("region", { name: "After activation" });
const stopped = (page: Page) =>
  watch(page)
    .getByRole("list", { name: "Callers that worked before and are rejected now" })
    .getByRole("listitem");
const rejected = (page: Page) => page.getByRole("table", { name: /^Rejected callers/ }).getByRole("row");

async function expectGoodAt360(page: Page, what: string) {
  await page.setViewportSize({ width: 360, height: 900 });
  expect([what, ...(await violationsOf(page))]).toEqual([what]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `${what} at 360 px scrolls sideways`).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1280, height: 900 });
}

test("after activating, an owner sees at once who stopped working, why and what to do, and finds it in Activity", async ({
  owner,
  browser,
}) => {
  test.slow();
  const { page } = owner;
  const url = await newInstance(page, "Night orders");
  const instanceToken = url.split("/").at(-1) ?? "";
  const [shop, stranger] = [program(url, "n8n/1.80"), program(url, "curl/8.5.0")];
  expect(await shop.call()).toBe(200);
  const token = await configureToken(page);
  await activateToken(page);
  await expect(watch(page)).toContainText("Nobody who worked before is rejected");
  expect(await violationsOf(page)).toEqual([]);

  expect(await stranger.call()).toBe(403);
  expect(await shop.call()).toBe(403);
  await expect(watch(page), "without reload").toContainText("1 caller that worked before is rejected now", {
    timeout: soon,
  });
  await expect(stopped(page), "who never worked is not there").toHaveCount(1);
  await expect(stopped(page)).toContainText("n8n");
  await expect(stopped(page)).toContainText(shop.address);
  await expect(stopped(page)).toContainText("It sends no Client-Token.");
  expect(await shop.call(instanceToken)).toBe(403);
  await expect(stopped(page)).toContainText(
    "It sends the instance token in Client-Token. Send the account security token instead.",
    { timeout: soon },
  );
  await expect(stopped(page)).toContainText("on Night orders");
  await expect(page.getByText("2 callers were rejected in the last hour.")).toBeVisible();
  await expectAccessibleEverywhere(page, "a caller stopped working");
  await expectGoodAt360(page, "a caller stopped working");

  await watch(page).getByRole("link", { name: "See all rejected requests" }).click();
  await expect(page.getByRole("link", { name: "Rejected requests" })).toHaveAttribute("aria-current", "page");
  await expect(rejected(page)).toHaveCount(3);
  await page.getByRole("link", { name: /^Instance token sent/ }).click();
  await expect(page).toHaveURL(/reason=instance_token/);
  await expect(rejected(page)).toHaveCount(2);
  await page.getByRole("link", { name: /^All reasons/ }).click();
  await page.getByLabel("Caller", { exact: true }).fill("n8n");
  await page.getByRole("button", { name: "Find" }).click();
  await expect(page).toHaveURL(/caller=n8n/);
  await expect(rejected(page)).toHaveCount(2);
  await expect(rejected(page).nth(1)).toContainText("Also: No token sent (1)");
  await expect(page.getByText("2 requests that match were rejected in the last 24 hours.")).toBeVisible();
  await expect(page.getByRole("link", { name: /^All reasons\s*2$/ })).toBeVisible();
  await page.reload();
  await expect(rejected(page), "the filter outlasts a reload").toHaveCount(2);
  await page.getByRole("link", { name: "By caller" }).click();
  await page.getByRole("link", { name: /^All that match/ }).click();
  await page.getByRole("link", { name: new RegExp(`^n8n\\s*${shop.address}`) }).click();
  await expect(page.getByLabel("Caller", { exact: true })).toHaveValue(`n8n ${shop.address}`);
  await expect(rejected(page)).toHaveCount(2);
  await expectAccessibleEverywhere(page, "rejected requests");
  await expectGoodAt360(page, "rejected requests");
  expect(await shop.call(token)).toBe(200);
  await expect(rejected(page).nth(1), "live").toContainText("Let in since", { timeout: soon });

  const context = await browser.newContext({
    javaScriptEnabled: false,
    storageState: await page.context().storageState(),
  });
  const plain = await context.newPage();
  await plain.goto(page.url());
  await plain.getByRole("link", { name: "7 days" }).click();
  await expect(plain).toHaveURL(/traffic=week.*caller=n8n/);
  await expect(rejected(plain), "without JavaScript").toHaveCount(2);
  await plain.getByRole("link", { name: "See how to send it" }).click();
  await expect(plain).toHaveURL(/\/instances\/\w+#call-samples$/);
  await context.close();

  await shop.call();
  await page.goto("/security");
  await expect(stopped(page)).toHaveCount(1);
  await watch(page).getByRole("button", { name: "Deactivate Token" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Deactivate", exact: true }).click();
  await expect(tokenModule(page).getByText("Disabled", { exact: true })).toBeVisible();
  await expect(watch(page)).toBeHidden();
  expect(await shop.call()).toBe(200);
});
