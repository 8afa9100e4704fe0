import { expectAccessibleEverywhere } from "./accessible";
import { insertInstances } from "./database";
import { configureToken, expect, test, tokenModule } from "./fixtures";
import { enforcementList } from "./page-parts";

test("many instances are found by name, page by page, and the list is accessible", async ({ owner }) => {
  const { page, email } = owner;
  await insertInstances(email, 21, " with a name that is long enough to need a second line");
  await configureToken(page);
  const list = enforcementList(page);
  await expect(list.getByRole("listitem")).toHaveCount(20);
  await page.getByRole("link", { name: "Next" }).click();
  await expect(list.getByRole("listitem")).toHaveCount(1);
  await page.getByRole("searchbox", { name: "Search instances" }).fill("shop 17");
  await page.keyboard.press("Enter");
  const found = page.getByRole("switch", { name: "Shop 17" });
  await expect(list.getByRole("listitem")).toHaveCount(1);
  await found.click();
  await expect(tokenModule(page).getByText("Active on 1 of 21", { exact: true })).toBeVisible();
  await expect(found).toBeChecked();
  await expectAccessibleEverywhere(page, "enforcement by instance");
});
