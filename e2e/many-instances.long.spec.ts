import { expectAccessibleEverywhere } from "./accessible";
import { insertInstances } from "./database";
import { configureToken, expect, test, tokenModule } from "./fixtures";
import { enforcementList } from "./page-parts";

test("many instances are found by name, page by page, and the list is accessible", async ({ owner }) => {
  const { page, email } = owner;
  await insertInstances(email, 21, " with a name that is long enough to need a second line");
  await configureToken(page);
  const list = enforcementList(page);
  await expect(list.getByRole("listitem")).toHaveCount(6);
  await expect(page.getByText("1–6 of 21")).toBeVisible();
  await page.getByRole("link", { name: "Next" }).click();
  await expect(page.getByText("7–12 of 21")).toBeVisible();
  await page.goto("/security?page=9");
  await expect(page.getByText("19–21 of 21"), "what is beyond the last page is the last page").toBeVisible();
  await expect(list.getByRole("listitem")).toHaveCount(3);
  await page.getByRole("searchbox", { name: "Search instances" }).fill("shop 17");
  await page.keyboard.press("Enter");
  const found = page.getByRole("switch", { name: "Shop 17" });
  await expect(list.getByRole("listitem")).toHaveCount(1);
  await found.click();
  await expect(tokenModule(page).getByText("Active on 1 of 21", { exact: true })).toBeVisible();
  await expect(found).toBeChecked();
  await expectAccessibleEverywhere(page, "enforcement by instance");
  await page.goto("/instances");
  await expectAccessibleEverywhere(page, "instances");
});
