import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { violationsOf } from "./accessible";
import { createInstance, expect, test } from "./fixtures";

/** Runs the command as a person would, and gives its exit code and what it said. */
function verify(...args: readonly string[]): Promise<[code: number, said: string]> {
  return new Promise((resolve) => {
    execFile("npm", ["run", "--silent", "audit-verify", "--", ...args], (error, stdout, stderr) =>
      resolve([error ? Number(error.code) : 0, stdout + stderr]),
    );
  });
}

async function download(page: Page, name: string, path: string): Promise<string> {
  const started = page.waitForEvent("download");
  await page.getByRole("link", { name, exact: true }).click();
  const file = await started;
  await file.saveAs(path);
  return readFile(path, "utf8");
}

test("an owner finds an event, exports the trail, and checks it on any machine", async ({ owner }, info) => {
  const { page, email } = owner;
  await createInstance(page, "=Night orders");
  await page.goto("/activity");
  const rows = page.getByRole("table").getByRole("row");
  await expect(rows).toHaveCount(3);

  await page.getByLabel("What", { exact: true }).selectOption("Instances");
  await page.getByLabel("Who", { exact: true }).selectOption(email);
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page).toHaveURL(/group=instance/);
  await expect(rows).toHaveCount(2);
  await page.getByText("Details").first().click();
  await expect(rows.nth(1)).toContainText(/[0-9a-f]{64}/);
  await page.getByLabel("To", { exact: true }).fill("2020-01-01");
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page.getByText("No event matches")).toBeVisible();
  await page.getByRole("link", { name: "Show all" }).first().click();
  await expect(rows).toHaveCount(3);

  await page.getByRole("link", { name: "Check all events" }).click();
  await expect(page.getByText("All 2 events are whole")).toBeVisible();
  await page.setViewportSize({ width: 360, height: 800 });
  await page.getByText("Details").first().click();
  expect(await violationsOf(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await page.setViewportSize({ width: 1280, height: 900 });

  const path = (name: string) => info.outputPath(name);
  const csv = await download(page, "CSV", path("trail.csv"));
  expect(csv, "a spreadsheet does not calculate it").toContain(`"'=Night orders"`);
  const trail = await download(page, "JSON Lines", path("trail.jsonl"));
  const published = await page.request.get("/.well-known/latchkey-audit-key.json");
  await writeFile(path("key.json"), await published.text());
  const key = ["--key", path("key.json")] as const;
  const [code, said] = await verify(path("trail.jsonl"), ...key);
  expect([code, said]).toEqual([0, expect.stringMatching(/4 events.*\nPROVEN/)]);

  await writeFile(path("edited.jsonl"), trail.replace("Night orders", "Day orders"));
  expect(await verify(path("edited.jsonl"), ...key)).toEqual([
    1,
    expect.stringContaining("BROKEN at line 2: event 2 was edited"),
  ]);
  await page.reload();
  await expect(
    page.getByText("Exported the audit trail as JSON Lines, with a signed checkpoint"),
  ).toBeVisible();
});
