import type { Page } from "@playwright/test";
import { expectAccessibleEverywhere, violationsOf } from "./accessible";
import { activateToken, configureToken, createInstance, expect, revealBaseUrl, test } from "./fixtures";

/** A second until the gate has written, and one to spare. */
const written = 2000;

const traffic = (page: Page) => page.getByRole("region", { name: "Traffic" });

/** Reloads until the table's newest row says what is expected. */
async function expectNewestRow(page: Page, texts: readonly (string | RegExp)[]): Promise<void> {
  await expect(async () => {
    await page.reload();
    await traffic(page).getByText("Show as a table").click();
    const row = traffic(page).getByRole("row").nth(1);
    for (const text of texts) await expect(row).toContainText(text, { timeout: 100 });
  }).toPass({ timeout: 15_000 });
}

test("calls show up on the instance's page: accepted, rejected, and why", async ({ owner, request }) => {
  const { page } = owner;
  await createInstance(page, "Night orders");
  const instance = new URL(page.url()).pathname;
  await expect(traffic(page)).toContainText("No calls in the last 24 hours");
  const baseUrl = await revealBaseUrl(page);
  for (let n = 0; n < 3; n++) await request.post(`${baseUrl}/messages/551199999888${n}`);
  await page.waitForTimeout(written);
  await page.reload();
  await expect(traffic(page).getByRole("img")).toBeVisible();
  await expect(traffic(page), "within two seconds").toContainText("Accepted 3");

  const token = await configureToken(page);
  await activateToken(page);
  expect((await request.get(baseUrl)).status()).toBe(403);
  expect((await request.get(baseUrl, { headers: { "client-token": "abc-123" } })).status()).toBe(403);
  expect((await request.get(baseUrl, { headers: { "client-token": token } })).status()).toBe(200);
  await page.goto(instance);
  // The hour may have changed on the way; then the newest row has the later calls only.
  await expectNewestRow(page, [/No token sent: 1/, /Malformed token: 1/]);
  await expect(traffic(page)).toContainText("Accepted with the token 1");
  await expect(traffic(page)).toContainText("Accepted without it 3");
  await expect(traffic(page)).toContainText("Rejected 2");

  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    expect(await violationsOf(page)).toEqual([]);
  }

  await traffic(page).getByRole("link", { name: "30 days" }).click();
  await expect(page).toHaveURL(/traffic=month/);
  await expect(traffic(page)).toContainText("Accepted without it 3");
  const table = traffic(page).getByRole("table", { name: /Calls by day/ });
  await expect(table, "what was open stays open").toBeVisible();
  await page.keyboard.press("Tab");
  await expect(traffic(page).locator("summary")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(table).toBeHidden();
  const kept = await page.content();
  expect(kept, "nobody's number is kept").not.toContain("551199999888");

  await page.goto("/overview");
  await expect(traffic(page)).toContainText("Accepted with the token 1");
  await expect(traffic(page)).toContainText("Rejected 2");
  const troubled = page.getByRole("region", { name: "Callers that need a hand" });
  await expect(troubled).toContainText(/Everybody is fine\.\s*1 caller sends the token\./);
  await expectAccessibleEverywhere(page, "overview");

  await page.goto("/instances");
  const row = page.getByRole("row", { name: /Night orders/ });
  await expect(row).toContainText("Running");
  await expect(row).toContainText("Enforced");
  await expect(
    row.getByRole("img", { name: "4 calls accepted and 2 rejected in the last 24 hours" }),
  ).toBeVisible();
  await row.getByRole("link", { name: /^Callers of Night orders:/ }).click();
  await expect(page).toHaveURL(/\/security\?caller=Night/);
});
