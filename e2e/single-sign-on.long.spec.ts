import type { Page } from "@playwright/test";
import { expectAccessibleEverywhere, violationsOf } from "./accessible";
import { expect, freshPassword, test } from "./fixtures";

const card = (page: Page) => page.getByRole("region", { name: "Single sign-on" });
const alert = (page: Page) => page.getByRole("alert").filter({ hasText: /\S/ });

/** Presses the button of the log-in page. */
async function toProvider(page: Page, path = "/login"): Promise<void> {
  await page.goto(path);
  await page.getByRole("button", { name: "Continue with Example ID" }).click();
}

/** Signs in on the provider's own pages, and agrees. */
async function signInThere(page: Page, login: string): Promise<void> {
  await page.getByPlaceholder("Enter any login").fill(login);
  await page.getByPlaceholder("and password").fill("anything");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

/** The provider forgets who is there; Latchkey does not. */
const forgetThere = (page: Page) => page.context().clearCookies({ name: /^_/ });

test("link a sign-in at a provider after the password, then sign in with it alone, and unlink it", async ({
  owner,
}) => {
  test.slow();
  const { page } = owner;
  await page.goto("/settings");
  await expect(card(page).getByText("Nothing is linked.")).toBeVisible();
  await page.context().clearCookies();

  await toProvider(page, "/login?callbackUrl=%2Factivity");
  await signInThere(page, owner.email.toUpperCase());
  await expect(page.getByRole("heading", { name: "Link this sign-in to your account" })).toBeVisible();
  await expect(page.getByText(owner.email)).toBeVisible();
  await expectAccessibleEverywhere(page, "link page");
  await page.getByLabel("Password").fill(freshPassword());
  await page.getByRole("button", { name: "Link and continue" }).click();
  await expect(page.getByText("That is not your password.")).toBeVisible();
  await page.getByLabel("Password").fill(owner.password);
  await page.getByRole("button", { name: "Link and continue" }).click();
  await expect(page).toHaveURL(/\/activity$/);
  await expect(page.getByText("Linked their sign-in at")).toBeVisible();

  // Used up: the page has nothing to link any more.
  await page.goto("/link");
  await expect(page).toHaveURL(/\/overview$/);
  await page.context().clearCookies({ name: "latchkey.session" });
  // Signing in there now is a proof, so unlinking asks for no other.
  await forgetThere(page);
  await toProvider(page, "/login?callbackUrl=%2Factivity");
  await signInThere(page, owner.email.toUpperCase());
  await expect(page).toHaveURL(/\/activity$/);
  await expect(page.getByText("Signed in with Example ID")).toBeVisible();

  await page.goto("/settings");
  await expect(card(page).getByText("Last used")).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
  await card(page).getByRole("button", { name: "Unlink" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Unlink" }).click();
  await expect(card(page).getByText("Nothing is linked.")).toBeVisible();
  await page.context().clearCookies({ name: "latchkey.session" });
  await toProvider(page);
  await expect(page.getByRole("heading", { name: "Link this sign-in to your account" })).toBeVisible();
});

test("a sign-in that the provider remembers is no proof; signing in there once more is, and comes back", async ({
  owner,
}) => {
  test.slow();
  const { page } = owner;
  const asking = page.getByRole("dialog", { name: "Confirm it is you" });
  const onceMore = "Sign in with Example ID once more";
  await page.context().clearCookies();
  await toProvider(page, "/login?callbackUrl=%2Fsettings");
  await signInThere(page, owner.email);
  await page.getByLabel("Password").fill(owner.password);
  await page.getByRole("button", { name: "Link and continue" }).click();
  await expect(page).toHaveURL(/\/settings$/);

  // The laptop is found later: no session here, one at the provider, from more than the clocks can differ ago.
  await page.context().clearCookies({ name: "latchkey.session" });
  await page.waitForTimeout(12_000);
  await toProvider(page, "/login?callbackUrl=%2Fsettings");
  await expect(page).toHaveURL(/\/settings$/);
  const unlink = card(page).getByRole("button", { name: "Unlink" });
  await unlink.click();
  await page.getByRole("dialog").getByRole("button", { name: "Unlink" }).click();
  await expect(asking).toBeVisible();
  await expectAccessibleEverywhere(page, "proof with a provider");
  await asking.getByRole("button", { name: onceMore }).click();
  await expect(page.getByPlaceholder("Enter any login"), "the provider asks for the person").toBeVisible();

  // Somebody else who signs in there proves nothing.
  await signInThere(page, `other-${owner.email}`);
  await expect(alert(page)).toContainText("somebody else signed in");
  await expectAccessibleEverywhere(page, "proof that did not count");
  await page.getByRole("button", { name: onceMore }).click();
  await signInThere(page, owner.email);
  await expect(page).toHaveURL(/\/settings$/);
  await unlink.click();
  await page.getByRole("dialog").getByRole("button", { name: "Unlink" }).click();
  await expect(card(page).getByText("Nothing is linked.")).toBeVisible();
});

test("what goes wrong at a provider comes back to the log-in page with a clear sentence, also without JavaScript", async ({
  owner,
  browser,
  contextOptions,
}) => {
  test.slow();
  const context = await browser.newContext({ ...contextOptions, javaScriptEnabled: false });
  const page = await context.newPage();

  await toProvider(page);
  await signInThere(page, `unverified:${owner.email}`);
  await expect(alert(page)).toContainText("Example ID has not verified your email address");
  await forgetThere(page);

  await toProvider(page);
  await signInThere(page, `nobody-${Date.now()}@example.com`);
  await expect(alert(page)).toContainText("Create an account with that address first");
  await forgetThere(page);

  await toProvider(page, "/login?callbackUrl=%2Factivity");
  await page.getByRole("link", { name: /cancel/i }).click();
  await expect(alert(page)).toContainText("The sign-in at Example ID was stopped there.");
  await expect(page).toHaveURL(/callbackUrl=%2Factivity/);

  const forged = "/api/auth/callback/oidc?code=stolen&state=forged&callbackUrl=https://evil.example/";
  await page.goto(forged);
  await expect(alert(page)).toContainText("did not come back as it left");
  await toProvider(page);
  await expect(page.getByPlaceholder("Enter any login")).toBeVisible();
  await page.goto(forged);
  await expect(alert(page)).toContainText("did not come back as it left");
  expect(new URL(page.url()).pathname).toBe("/login");
  expect((await context.cookies()).filter(({ name }) => name === "latchkey.session")).toEqual([]);
  await context.close();
});
