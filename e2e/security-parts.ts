import type { Page } from "@playwright/test";
import { expect } from "./fixtures";

/** The list *Enforcement by instance* on the Security page. */
export function enforcementList(page: Page) {
  return page.getByRole("list", { name: "Enforcement by instance" });
}

/** The switch of one instance. */
export function enforcementSwitch(page: Page, name: string) {
  return page.getByRole("switch", { name, exact: true });
}

/** Rotates the token through its dialog and gives back the new one, shown once. */
export async function rotateToken(page: Page, overlap: string): Promise<string> {
  await page.getByRole("button", { name: "Rotate token" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Overlap").selectOption({ label: overlap });
  await dialog.getByRole("button", { name: "Rotate", exact: true }).click();
  return takeNewToken(page);
}

/** Reads the token in the dialog that shows it once, and closes it. */
export async function takeNewToken(page: Page): Promise<string> {
  const field = page.getByLabel("Account security token", { exact: true });
  await expect(field).toHaveValue(/^lkc_/);
  const token = await field.inputValue();
  await page.getByRole("button", { name: "Done" }).click();
  return token;
}
