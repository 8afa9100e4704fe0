import type { Page } from "@playwright/test";
import { violationsOf } from "./accessible";
import { expect, newInstance, test } from "./fixtures";
import { program } from "./page-parts";

const module = (page: Page) => page.getByRole("region", { name: "Endpoint rules" });

test("an owner forbids an endpoint, sees whose calls that rejects, enforces it by name, and stops", async ({
  owner: { page },
}) => {
  const url = await newInstance(page, "Night orders");
  const shop = program(url, "n8n/1.80", "message/sendText/bakery");
  const script = program(url, "python-requests/2.32.0", "instance/delete/bakery");
  const region = module(page);
  await expect(region.getByText("Not configured", { exact: true })).toBeVisible();
  expect([await shop.call(), await script.call()]).toEqual([200, 200]);

  const called = region.getByRole("table", { name: "Endpoints that callers call" });
  await expect(called.getByRole("row")).toHaveCount(3);
  await region.getByRole("button", { name: "Add rule: POST /instance/delete/bakery" }).click();
  const rejected = region.getByRole("list", { name: "Rejected endpoints" });
  await expect(rejected).toContainText("POST /instance/delete/bakery");
  await region.getByRole("textbox", { name: "Path" }).fill("instance");
  await region.getByRole("button", { name: "Add rule", exact: true }).click();
  await expect(region).toContainText("Write a path such as /send-text");
  await region.getByRole("textbox", { name: "Path" }).fill("/admin/*");
  await page.keyboard.press("Enter");
  await expect(rejected.getByRole("listitem")).toHaveCount(2);
  await region.getByLabel("Kind of API").selectOption("Evolution API");
  await region.getByRole("button", { name: "Add administration: 27 endpoints" }).click();
  await expect(rejected.getByRole("listitem")).toHaveCount(29);

  await region.getByRole("button", { name: "Observe", exact: true }).press("Enter");
  await expect(region.getByText("Observing", { exact: true })).toBeVisible();
  await expect(region).toContainText("Enforcing now would, or may, reject calls of 1 caller");
  const would = region.getByRole("table", { name: "Would be rejected" });
  await expect(would.getByRole("row").nth(1)).toContainText(script.address);
  expect(await script.call(), "observing rejects nobody").toBe(200);
  expect(await violationsOf(page)).toEqual([]);

  await region.getByRole("button", { name: "Enforce", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("list", { name: "Callers that would be rejected" })).toContainText(
    "loses POST /instance/delete/bakery",
  );
  expect(await violationsOf(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Enforce", exact: true }).click();
  await expect(dialog, "not without the instance's name").toContainText("Fill this in");
  await dialog.getByRole("textbox").fill("Night orders");
  await page.keyboard.press("Enter");
  await expect(region.getByText("Enforced", { exact: true })).toBeVisible();

  expect(await shop.call()).toBe(200);
  const answer = await fetch(`${url}/Instance/delete/bakery`, { method: "POST" });
  expect([answer.status, answer.headers.get("latchkey-reason"), await answer.text()]).toEqual([
    403,
    "endpoint",
    '{"error":"Endpoint not allowed"}',
  ]);
  expect(await script.call()).toBe(403);
  await expect(region).toContainText("rejected for an endpoint in the last 24 hours.");
  await expect(region.getByRole("table", { name: "Rejected in the last 24 hours" })).toContainText(
    "python-requests",
  );

  await region.getByRole("button", { name: "Stop enforcing" }).click();
  await expect(region.getByText("Observing", { exact: true })).toBeVisible();
  expect(await script.call()).toBe(200);
  await page.goto("/activity");
  await expect(page.getByText("Enforced the endpoint rules of Night orders (29 rules)")).toBeVisible();
});
