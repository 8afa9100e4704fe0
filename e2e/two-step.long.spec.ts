import { readFile } from "node:fs/promises";
import type { Browser, BrowserContextOptions, Page } from "@playwright/test";
import { TOTP } from "otpauth";
import { expectAccessibleEverywhere, violationsOf } from "./accessible";
import { expect, fillSignIn, signIn, test } from "./fixtures";

const card = (page: Page) => page.getByRole("region", { name: "Two-step sign-in" });

/** Codes as the authenticator app shows them. One works once, so each of these is of a later half minute. */
class App {
  private steps = 0;
  private readonly totp: TOTP;

  constructor(key: string) {
    this.totp = new TOTP({ secret: key.replaceAll(" ", "") });
  }

  /** The present code, then that of the next half minute, which is accepted too. */
  code(): string {
    const timestamp = Date.now() + 30_000 * this.steps;
    this.steps += 1;
    return this.totp.generate({ timestamp });
  }
}

/** Sets up the app on the settings page and keeps the recovery codes. */
async function setUp(page: Page): Promise<{ app: App; codes: string[] }> {
  await page.goto("/settings");
  await card(page).getByRole("button", { name: "Set up" }).click();
  const dialog = page.getByRole("dialog");
  const app = new App(await dialog.getByLabel("Or type this key").inputValue());
  await expectAccessibleEverywhere(page, "set-up dialog");
  const field = dialog.getByLabel("Code from the app");
  await field.fill("000000");
  await dialog.getByRole("button", { name: "Turn on" }).click();
  await expect(dialog.getByText("That code is not right.")).toBeVisible();
  await expect(field).toHaveValue("000000");
  await field.fill(app.code());
  await dialog.getByRole("button", { name: "Turn on" }).click();
  await expect(dialog.getByRole("heading", { name: "Your recovery codes" })).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
  const codes = await dialog
    .getByRole("list", { name: "Recovery codes" })
    .getByRole("listitem")
    .allTextContents();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    dialog.getByRole("button", { name: "Download" }).click(),
  ]);
  expect(file.suggestedFilename()).toBe("latchkey-recovery-codes.txt");
  const text = await readFile(await file.path(), "utf8");
  for (const code of codes) expect(text).toContain(code);
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(card(page).getByText("10 of 10 left")).toBeVisible();
  return { app, codes };
}

async function fillCode(page: Page, label: string, code: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).fill(code);
  await page.getByRole("button", { name: "Continue" }).click();
}

test("set up an authenticator app, sign in with its code, then with a recovery code, also without JavaScript", async ({
  owner,
  browser,
  contextOptions,
}) => {
  test.slow();
  const { page } = owner;
  const { app, codes } = await setUp(page);
  await page.context().clearCookies();

  await page.goto("/login?callbackUrl=%2Factivity");
  await fillSignIn(page, owner.email, owner.password);
  await expect(page.getByRole("heading", { name: "One more step" })).toBeVisible();
  await page.setViewportSize({ width: 360, height: 800 });
  expect(await violationsOf(page)).toEqual([]);
  await expectNoSidewaysScroll(page);
  await page.goto("/overview");
  await expect(page).toHaveURL(/\/login/);
  await page.goBack();
  await fillCode(page, "Code", "123 456");
  await expect(
    page.getByRole("alert").filter({ hasText: "not right, too old, or was used before" }),
  ).toBeVisible();
  await fillCode(page, "Code", app.code());
  await expect(page).toHaveURL(/\/activity$/);
  await expect(page.getByText("Signed in with password and a code from the authenticator app")).toBeVisible();

  await withoutJavaScript(browser, contextOptions, async (plain) => {
    await signIn(plain, owner.email, owner.password);
    await fillCode(plain, "Code", "123456");
    await expect(plain.getByText("not right, too old, or was used before")).toBeVisible();
    await plain.getByRole("link", { name: "Use a recovery code" }).click();
    await fillCode(plain, "Recovery code", codes[0]?.toUpperCase() ?? "");
    await expect(plain).toHaveURL(/\/overview$/);
  });

  await page.goto("/settings");
  await expect(card(page).getByText("9 of 10 left")).toBeVisible();
  await expectNoSidewaysScroll(page);
  expect(await violationsOf(page)).toEqual([]);
  await card(page).getByRole("button", { name: "Require for everyone" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Require" }).click();
  await expect(card(page).getByText("Required: whoever has not set it up")).toBeVisible();
  await card(page).getByRole("button", { name: "Turn off" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Turn off" }).click();
  await expect(page.getByRole("dialog").getByText("requires two-step sign-in")).toBeVisible();
});

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const room = await page.evaluate(
    () => document.documentElement.clientWidth - document.documentElement.scrollWidth,
  );
  expect(room).toBeGreaterThanOrEqual(0);
}

async function withoutJavaScript(
  browser: Browser,
  options: BrowserContextOptions,
  work: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ ...options, javaScriptEnabled: false });
  await work(await context.newPage());
  await context.close();
}
