import type { Browser, BrowserContextOptions, Page } from "@playwright/test";
import { expectAccessibleEverywhere, violationsOf } from "./accessible";
import {
  createInstance,
  expect,
  freshAddress,
  freshPassword,
  register,
  revealBaseUrl,
  test,
} from "./fixtures";
import { arrivedMail, linkIn } from "./inbox";

async function anotherBrowser(browser: Browser, options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({
    ...options,
    extraHTTPHeaders: { "x-forwarded-for": freshAddress() },
  });
  return context.newPage();
}

const members = (page: Page) => page.getByRole("region", { name: "Members" });

/** Invites through the dialog and gives back the link that the mail brings. */
async function invite(page: Page, email: string, role: string, account: string): Promise<string> {
  await page.goto("/settings");
  await members(page).getByRole("button", { name: "Invite member" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Email").fill(email);
  await dialog.getByRole("radio", { name: role }).check();
  await dialog.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(dialog).toBeHidden();
  return linkIn(await arrivedMail(email.toLowerCase(), `Join ${account} on Latchkey`), "/invitation");
}

test("a member is invited by link, joins, sees what a viewer sees, gets another role, and is removed", async ({
  owner,
  browser,
  contextOptions,
}) => {
  test.slow();
  const { page, accountName } = owner;
  await createInstance(page, "Night orders");
  const email = `guest-${freshPassword().replace(/\W/g, "").toLowerCase()}@example.com`;
  const mailed = await invite(page, email.toUpperCase(), "Viewer", accountName);
  await expect(members(page).getByText(email)).toBeVisible();
  await expectAccessibleEverywhere(page, "settings with an invitation");

  await members(page)
    .getByRole("button", { name: `Copy link for ${email}` })
    .click();
  const handedOut = await page.getByLabel("Invitation link").inputValue();
  expect(handedOut).not.toBe(mailed);
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByLabel("Invitation link")).toHaveCount(0);

  const late = await anotherBrowser(browser, contextOptions);
  await late.goto(mailed);
  await expect(late.getByRole("heading", { name: "This invitation cannot be used" })).toBeVisible();
  await late.context().close();
  const guest = await anotherBrowser(browser, contextOptions);
  await guest.goto(handedOut);
  await expect(guest.getByRole("heading", { name: `Join ${accountName}` })).toBeVisible();
  expect(guest.url(), "the secret leaves the address bar").toMatch(/\/invitation$/);
  expect(await violationsOf(guest)).toEqual([]);
  await expect(guest.getByLabel("Email")).toHaveValue(email);
  await guest.getByLabel("Your name").fill("Ana Silva");
  await guest.getByLabel("Password", { exact: true }).fill(freshPassword());
  await guest.getByRole("button", { name: "Join" }).click();
  await expect(guest).toHaveURL(/\/overview$/);

  await guest.goto("/instances");
  await expect(guest.getByText("Night orders")).toBeVisible();
  await expect(guest.getByRole("button", { name: "New instance" })).toHaveCount(0);
  await guest.goto("/settings");
  await expect(members(guest).getByText("Ana Silva")).toBeVisible();
  await expect(members(guest).getByRole("button", { name: "Invite member" })).toHaveCount(0);
  await expect(guest.getByRole("region", { name: "Delete account" })).toHaveCount(0);

  await page.goto("/settings");
  await members(page)
    .getByRole("button", { name: `Change the role of ${email}` })
    .click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: "Admin" }).check();
  await dialog.getByRole("button", { name: "Save role" }).click();
  await expect(dialog).toBeHidden();
  await guest.goto("/instances");
  await expect(guest.getByRole("button", { name: "New instance" }).first()).toBeVisible();

  await members(page)
    .getByRole("button", { name: `Remove ${email}` })
    .click();
  await dialog.getByRole("button", { name: "Remove" }).click();
  await expect(dialog).toBeHidden();
  await guest.goto("/instances");
  await expect(guest).toHaveURL(/\/login/);
  await guest.goto(handedOut);
  await expect(guest.getByRole("heading", { name: "This invitation cannot be used" })).toBeVisible();
  await guest.context().close();
});

test("one person in two accounts: an invitation for somebody else, the switch, links, and the end of one", async ({
  owner,
  browser,
  contextOptions,
}) => {
  test.slow();
  const { page, email, accountName } = owner;
  const other = await register(await anotherBrowser(browser, contextOptions), "Dairy");
  await createInstance(other.page, "Cream");
  const deep = new URL(other.page.url()).pathname;
  const baseUrl = await revealBaseUrl(other.page);
  const link = await invite(other.page, email, "Admin", "Dairy");

  await other.page.goto(link);
  await expect(other.page.getByText(`This invitation is for ${email}`)).toBeVisible();
  expect(await violationsOf(other.page)).toEqual([]);

  await page.goto(link);
  await page.getByRole("button", { name: "Accept invitation" }).click();
  await expect(page).toHaveURL(/\/overview$/);
  const menu = page.getByRole("button", { name: "Account menu" });
  await expect(menu).toContainText("Dairy");

  await page.goto("/security");
  await menu.click();
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole("menuitemradio", { name: accountName }).click();
  await expect(menu).toContainText(accountName);
  await expect(page).toHaveURL(/\/security$/);

  await page.goto(deep);
  await page.getByRole("button", { name: "Switch to Dairy" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Cream" })).toBeVisible();

  const secondTab = await page.context().newPage();
  await secondTab.goto("/accounts");
  expect(await violationsOf(secondTab)).toEqual([]);
  await secondTab.getByRole("button", { name: `Open ${accountName}` }).click();
  await expect(secondTab).toHaveURL(/\/overview$/);
  await expect(page.getByRole("dialog"), "the first tab stops").toContainText(accountName);
  await page.getByRole("button", { name: "Leave this page" }).click();
  await expect(menu).toContainText(accountName);

  await other.page.goto("/settings");
  await other.page.getByRole("button", { name: "Delete account" }).click();
  const dialog = other.page.getByRole("dialog");
  await dialog.getByRole("textbox").fill("Dairies");
  await dialog.getByRole("button", { name: "Delete account" }).click();
  await expect(dialog.getByText("This is not the name")).toBeVisible();
  expect(await violationsOf(other.page)).toEqual([]);
  await dialog.getByRole("textbox").fill("Dairy");
  await dialog.getByRole("button", { name: "Delete account" }).click();
  await expect(other.page.getByRole("heading", { name: "You are in no account" })).toBeVisible();
  await other.page.setViewportSize({ width: 360, height: 800 });
  expect(await violationsOf(other.page)).toEqual([]);
  const call = await page.request.get(`${baseUrl}/anything`);
  expect([call.status(), await call.text()]).toEqual([404, '{"error":"Instance not found"}']);
  await other.page.goto("/security");
  await expect(other.page).toHaveURL(/\/accounts$/);
  await other.page.getByRole("button", { name: "Sign out" }).click();
  await expect(other.page).toHaveURL(/\/login/);
  await other.page.context().close();
});
