import type { Page } from "@playwright/test";
import { expectAccessibleEverywhere } from "./accessible";
import { expect, newInstance, test } from "./fixtures";
import { program } from "./page-parts";

/** What a caller did must show this soon: a second until the gate has written, and one to show it. */
const soon = 5000;

const module = (page: Page) => page.getByRole("region", { name: "Address restriction" });

test("an owner lists addresses, sees who would be rejected, enforces, and stops", async ({ owner }) => {
  test.slow();
  const { page, accountName } = owner;
  const url = await newInstance(page, "Support");
  const [shop, script] = [program(url, "n8n/1.80"), program(url, "python-requests/2.32.0")];
  await page.goto("/security");
  await page.getByRole("link", { name: "Addresses" }).click();
  const state = page.getByRole("main");
  const region = module(page);
  await expect(region.getByText("Not configured", { exact: true })).toBeVisible();

  await region.getByRole("textbox", { name: "Address or range" }).fill("203.0.113.9/24");
  await region.getByRole("textbox", { name: "Note" }).fill("Shop servers");
  await page.keyboard.press("Enter");
  await expect(region).toContainText("203.0.113.9 is one address inside the range 203.0.113.0/24");
  await expect(region.getByRole("textbox", { name: "Note" })).toHaveValue("Shop servers");
  await region.getByRole("button", { name: "Use 203.0.113.0/24" }).click();
  await region.getByRole("button", { name: "Add address" }).click();
  const list = region.getByRole("list", { name: "Allowed addresses" });
  await expect(list.getByRole("listitem")).toContainText("Shop servers");
  await region.getByRole("button", { name: "Add my current address" }).click();
  await expect(region).toContainText("which is on the list");
  await expect(list.getByRole("listitem")).toHaveCount(2);

  await region.getByRole("button", { name: "Add many at once" }).click();
  const lines = region.getByRole("textbox", { name: "Addresses, one a line" });
  await lines.fill(`${shop.address} Orders\nnonsense`);
  await region.getByRole("button", { name: "Add addresses" }).click();
  await expect(region).toContainText("Line 2: Write an address such as");
  await expect(lines).toHaveValue(`${shop.address} Orders\nnonsense`);
  await lines.fill(`${shop.address} Orders\n2001:db8::/32 Office`);
  await region.getByRole("button", { name: "Add addresses" }).click();
  await expect(list.getByRole("listitem")).toHaveCount(4);

  await region.getByRole("button", { name: "Observe", exact: true }).press("Enter");
  await expect(region.getByText("Observing", { exact: true })).toBeVisible();
  await expect(state).toContainText("No caller has been heard yet");
  expect(await shop.call()).toBe(200);
  expect(await script.call(), "observing rejects nobody").toBe(200);
  await expect(state).toContainText("Enforcing now would reject 1 caller. 1 caller is on the list.", {
    timeout: soon,
  });
  await expect(region.getByRole("row").filter({ hasText: "python-requests" })).toContainText(script.address);
  await expectAccessibleEverywhere(page, "address restriction while observing");

  await region.getByRole("button", { name: "Enforce", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("1 caller would be rejected");
  await expect(dialog.getByRole("list", { name: "Callers that would be rejected" })).toContainText(
    script.address,
  );
  await expectAccessibleEverywhere(page, "the dialog that names who would be rejected");
  await dialog.getByRole("button", { name: "Enforce", exact: true }).click();
  await expect(dialog, "not without the account's name").toContainText("Fill this in");
  await dialog.getByRole("textbox").fill(accountName);
  await page.keyboard.press("Enter");
  await expect(region.getByText("Enforced", { exact: true })).toBeVisible();

  expect(await shop.call()).toBe(200);
  const refused = await fetch(`${url}/send-text`, { headers: { "x-forwarded-for": script.address } });
  expect(refused.status).toBe(403);
  expect(refused.headers.get("latchkey-reason")).toBe("address");
  expect(await refused.text()).toBe(`{"error":"${script.address} not allowed"}`);
  await expect(state).toContainText("1 caller was rejected for its address", { timeout: soon });

  await region.getByRole("button", { name: `Remove: ${shop.address}` }).click();
  await expect(dialog).toContainText("1 caller would be rejected");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(region.getByRole("button", { name: `Remove: ${shop.address}` })).toBeFocused();
  await expectAccessibleEverywhere(page, "address restriction while enforcing");
  await page.setViewportSize({ width: 360, height: 800 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await page.setViewportSize({ width: 1280, height: 900 });

  await region.getByRole("button", { name: "Stop enforcing" }).click();
  await expect(region.getByText("Observing", { exact: true })).toBeVisible();
  expect(await script.call()).toBe(200);
  await page.goto("/activity");
  await expect(page.getByText("Enforced the address list (4 entries)")).toBeVisible();
});
