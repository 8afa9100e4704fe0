import type { Locator, Page } from "@playwright/test";
import { expect, freshAddress } from "./fixtures";

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
  await confirmByName(page, "Rotate");
  return takeNewToken(page);
}

/** Confirms in the dialog that is open; types the name it asks for when callers would be rejected, or may be. */
export async function confirmByName(page: Page, submit: string): Promise<void> {
  const dialog = page.getByRole("dialog");
  const button = dialog.getByRole("button", { name: submit, exact: true });
  const name = dialog.locator("label b");
  await expect(button).toBeEnabled();
  await expect(async () => {
    // A click before may have done it.
    if (await button.isHidden()) return;
    if (await name.isVisible()) await dialog.getByRole("textbox").fill((await name.textContent()) ?? "");
    await button.click({ timeout: 2000 });
    await expect(button).toBeHidden({ timeout: 2000 });
  }).toPass({ timeout: 20_000 });
}

/** Reads the token in the dialog that shows it once, and closes it. */
export async function takeNewToken(page: Page): Promise<string> {
  const field = page.getByLabel("Account security token", { exact: true });
  await expect(field).toHaveValue(/^lkc_/);
  const token = await field.inputValue();
  await page.getByRole("button", { name: "Done" }).click();
  return token;
}

/** The region *Preflight* on the Security page. */
export function preflight(page: Page): Locator {
  return page.getByRole("region", { name: "Preflight" });
}

/** A group of callers, folded or not; its line comes first. */
export function callerGroup(page: Page, name: string): Locator {
  const heading = page.getByRole("heading", { level: 4, name: new RegExp(`^${name}`) });
  return preflight(page).getByRole("group").filter({ has: heading });
}

/** The rows of all callers, those that are folded away too. */
export function callerRows(page: Page): Locator {
  const lists = preflight(page).getByRole("list", { name: /^Callers: /, includeHidden: true });
  return lists.getByRole("listitem", { includeHidden: true });
}

/** The row of one caller. */
export function callerRow(page: Page, name: string): Locator {
  return callerRows(page).filter({ hasText: name });
}

/** The row says this of the caller; those that are ready are folded to a line that names their programs. */
export async function expectVerdict(
  page: Page,
  name: string,
  verdict: string,
  timeout = 10_000,
): Promise<void> {
  const said = callerRow(page, name).getByText(verdict, { exact: true });
  if (verdict !== "Ready") return expect(said).toBeVisible({ timeout });
  await expect(said).toBeAttached({ timeout });
  await expect(callerGroup(page, verdict).locator("summary").first()).toContainText(name);
}

/** A program with an address of its own that calls an instance. */
interface Program {
  readonly address: string;
  readonly call: (token?: string) => Promise<number>;
}

/** Makes a program that calls this path of an instance, each time under the same name and address. */
export function program(baseUrl: string, userAgent: string, path = "send-text"): Program {
  const address = freshAddress();
  const call = async (token?: string) => {
    const headers = { "user-agent": userAgent, "x-forwarded-for": address };
    const response = await fetch(`${baseUrl}/${path}`, {
      method: "POST",
      headers: token === undefined ? headers : { ...headers, "client-token": token },
      body: "{}",
    });
    await response.arrayBuffer();
    return response.status;
  };
  return { address, call };
}
