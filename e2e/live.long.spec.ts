import type { Page } from "@playwright/test";
import { expect, newInstance, test } from "./fixtures";
import { callerRows, expectVerdict, program } from "./page-parts";

/** Longer than it takes to notice, to ask and to have failed twice. */
const outageMs = 2500;

const live = (page: Page) => page.getByText("Live", { exact: true });
const notLive = (page: Page) => page.getByText("Not live", { exact: true });

/** Leaves a mark on the document, which no reload survives, and listens for questions about leaving it. */
async function markDocument(page: Page) {
  const left: string[] = [];
  await page.evaluate(() => Object.assign(window, { unharmed: true }));
  page.on("dialog", (dialog) => {
    left.push(dialog.type());
    return dialog.dismiss();
  });
  return async (when: string) => {
    expect(left, when).toEqual([]);
    expect(await page.evaluate(() => "unharmed" in window), when).toBe(true);
  };
}

test("a page outlives an outage of the network or the dashboard, says so, and comes back by itself", async ({
  owner,
}) => {
  test.slow();
  const { page } = owner;
  const context = page.context();
  const url = await newInstance(page, "Support");
  const callers = ["curl/8.5", "n8n/1.80", "axios/1.7", "GuzzleHttp/7"].map((agent) => program(url, agent));
  const [curl, n8n, axios, guzzle] = callers;

  await page.goto("/security");
  await page.getByRole("button", { name: "Configure now" }).click();
  const field = page.getByLabel("Account security token", { exact: true });
  const token = await field.inputValue();
  const unharmed = await markDocument(page);
  const asked: string[] = [];
  page.on("request", (request) => {
    const { rsc, "next-router-prefetch": ahead } = request.headers();
    if (rsc !== undefined && ahead === undefined) asked.push(request.url());
  });
  await curl?.call();
  await context.setOffline(true);
  await page.waitForTimeout(outageMs);
  await context.setOffline(false);
  await curl?.call();
  await page.waitForTimeout(outageMs / 2);
  await expect(field, "the token is still there").toHaveValue(token);
  await unharmed("with the token open");
  await page.getByRole("button", { name: "Done" }).click();
  await expectVerdict(page, "curl", "Would be rejected");
  await expect(live(page)).toBeVisible({ timeout: 20_000 });

  await context.setOffline(true);
  await expect(notLive(page), "also when nothing happens").toBeVisible({ timeout: 10_000 });
  await n8n?.call();
  await page.waitForTimeout(outageMs);
  await unharmed("without network");
  await expectVerdict(page, "curl", "Would be rejected");
  await context.setOffline(false);
  await expectVerdict(page, "n8n", "Would be rejected");
  await expect(live(page)).toBeVisible({ timeout: 20_000 });

  // The stream of events lives on: what fails is every question.
  await context.route("**/*", (route) => route.abort());
  await axios?.call();
  await expect(notLive(page)).toBeVisible({ timeout: 10_000 });
  await unharmed("with every request broken off");
  await context.unroute("**/*");
  await expectVerdict(page, "axios", "Would be rejected");
  await expect(live(page)).toBeVisible();

  // What stands in front says that the dashboard is starting.
  await context.route("**/*", (route) =>
    route.fulfill({ status: 503, contentType: "text/html", body: "<title>starting</title>" }),
  );
  await guzzle?.call();
  await expect(notLive(page)).toBeVisible({ timeout: 10_000 });
  await unharmed("while the dashboard starts");
  await context.unroute("**/*");
  await expectVerdict(page, "Guzzle", "Would be rejected");

  // Only what is read gets lost; the events and everything else go through.
  let lost = 0;
  await context.route("**/api/security?**", (route) => {
    lost++;
    return route.abort();
  });
  await curl?.call("the wrong thing");
  await expect(notLive(page)).toBeVisible({ timeout: 10_000 });
  await context.unroute("**/api/security?**");
  await expectVerdict(page, "curl", "Wrong token");
  await expect(live(page)).toBeVisible();
  expect(lost).toBeGreaterThan(0);
  await unharmed("at the end");
  expect(asked, "no event has the page drawn anew").toEqual([]);
  await expect(callerRows(page)).toHaveCount(4);
});
