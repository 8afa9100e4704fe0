import { expectAccessibleEverywhere } from "./accessible";
import { makeFirst } from "./database";
import { expect, test } from "./fixtures";

test("how the server stands is for owners of its first account, accessible, and nobody else finds it", async ({
  owner,
}) => {
  const { page } = owner;
  expect((await page.request.get("/settings/server")).status()).toBe(404);
  await page.goto("/settings");
  await expect(page.getByRole("region", { name: "Members" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Server" })).toHaveCount(0);

  await makeFirst(owner);
  await page.reload();
  await page
    .getByRole("region", { name: "Server" })
    .getByRole("link", { name: "Look at the server" })
    .click();
  await expect(page.getByRole("heading", { level: 1, name: "Server" })).toBeVisible();
  const checks = page.getByRole("region", { name: "Checks" });
  await expect(checks).toContainText("The database is up to date.");
  await expect(checks).toContainText(/It opens what is stored\.|Nothing is stored yet/);
  const variables = page.getByRole("region", { name: "Settings of the server" });
  await expect(variables.getByRole("row", { name: /^LATCHKEY_SECRET …/ })).toContainText("…");
  await expect(page.locator("body")).not.toContainText(process.env.LATCHKEY_SECRET ?? "no secret");
  await expectAccessibleEverywhere(page, "/settings/server");
});
