import { expectAccessibleEverywhere } from "./accessible";
import { insertCallers, insertInstances } from "./database";
import { configureToken, expect, test } from "./fixtures";
import { callerRows, preflight } from "./page-parts";

test("among many callers and instances, each search, status and page keeps the others", async ({ owner }) => {
  const { page, email } = owner;
  await insertInstances(email, 25);
  await configureToken(page);
  await insertCallers(email, "Shop 7", 45);
  await page.goto("/security");
  const rows = callerRows(page);
  await preflight(page).getByRole("link", { name: "Would be rejected 45" }).click();
  await expect(page).toHaveURL(/callers=rejected/);
  await preflight(page).getByRole("link", { name: "Show more" }).click();
  await expect(rows).toHaveCount(40);
  await page.getByRole("link", { name: "Next" }).click();
  await expect(page).toHaveURL(/callers=rejected&shown=40&page=2#/);
  const byName = page.getByRole("searchbox", { name: "Search callers" });
  await byName.fill("PROGRAM-4");
  await byName.press("Enter");
  await expect(page.getByText("7 callers match “PROGRAM-4”.")).toBeVisible();
  await expect(rows).toHaveCount(7);
  await expect(page).toHaveURL(/callers=rejected.*page=2/);
  const byInstance = page.getByRole("searchbox", { name: "Search instances" });
  await byInstance.fill("Shop 1");
  await byInstance.press("Enter");
  await expect(page).toHaveURL(/search=Shop/);
  const { searchParams } = new URL(page.url());
  expect(Object.fromEntries(searchParams)).toEqual({
    callers: "rejected",
    caller: "PROGRAM-4",
    shown: "40",
    search: "Shop 1",
  });
  await expect(rows).toHaveCount(7);
  await expectAccessibleEverywhere(page, "callers that were searched for");
});
