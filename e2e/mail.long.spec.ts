import { violationsOf } from "./accessible";
import { expect, fillSignIn, freshPassword, signIn, test } from "./fixtures";
import { arrivedMail, linkIn, mailsTo } from "./inbox";

test("an address is confirmed by the link that was sent to it, once", async ({ owner }) => {
  const { page, email } = owner;
  const link = linkIn(await arrivedMail(email, "Confirm your email address"), "/verify-address");
  await page.goto("/settings");
  const card = page.getByRole("region", { name: "Email address" });
  await expect(card.getByText("Not confirmed yet")).toBeVisible();
  await page.goto(link);
  await page.getByRole("button", { name: "Confirm address" }).click();
  await expect(page.getByText("Your address is confirmed")).toBeVisible();
  await page.getByRole("link", { name: "Go to Settings" }).click();
  await expect(card.getByText("Confirmed", { exact: true })).toBeVisible();
  await page.goto(link);
  await page.getByRole("button", { name: "Confirm address" }).click();
  await expect(page.getByText("This link counts no more")).toBeVisible();
});

test("a forgotten password is replaced by a link that works once and ends every session", async ({
  owner,
  browser,
  contextOptions,
}) => {
  const context = await browser.newContext({ ...contextOptions, viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  const password = freshPassword();
  await page.goto("/login");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  // The page before has a field of the same name.
  await expect(page.getByRole("heading", { level: 1, name: "Forgot your password?" })).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
  const unknown = `nobody-${owner.email}`;
  await page.getByLabel("Email").fill(unknown);
  await page.getByRole("button", { name: "Send the link" }).click();
  const answer = page.getByRole("alert").filter({ hasText: "Look into your mailbox" });
  await expect(answer).toBeVisible();
  const said = await answer.textContent();
  await page.reload();
  await page.getByLabel("Email").fill(owner.email.toUpperCase());
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(answer).toBeVisible();
  expect(await answer.textContent()).toBe(said);

  const mail = await arrivedMail(owner.email, "Set a new password");
  expect(mail.html).toContain(linkIn(mail, "/reset-password"));
  await page.goto(linkIn(mail, "/reset-password"));
  // The token leaves the address bar, and with it the history.
  await expect(page).toHaveURL(/\/reset-password$/);
  expect(await violationsOf(page)).toEqual([]);
  await page.getByLabel("New password").fill("too short");
  await page.getByRole("button", { name: "Set password" }).click();
  await expect(page.getByText("Use 15 characters or more.")).toBeVisible();
  await page.getByLabel("New password").fill(password);
  await page.getByRole("button", { name: "Set password" }).click();
  await expect(page.getByText("Your new password is set")).toBeVisible();

  await owner.page.goto("/settings");
  await expect(owner.page).toHaveURL(/\/login\?ended=1&callbackUrl=%2Fsettings$/);
  await expect(owner.page.getByText("You are signed out in this browser.")).toBeVisible();
  await page.goto("/login");
  await page.goto(linkIn(mail, "/reset-password"));
  await page.getByLabel("New password").fill(freshPassword());
  await page.getByRole("button", { name: "Set password" }).click();
  await expect(page.getByText("This link counts no more")).toBeVisible();
  await page.getByRole("link", { name: "Ask for a new link" }).click();
  await page.getByRole("link", { name: "Back to sign in" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await fillSignIn(page, owner.email, password);
  await expect(page).toHaveURL(/\/overview$/);
  await arrivedMail(owner.email, "Your password was changed");
  expect(await mailsTo(unknown)).toEqual([]);
  await context.close();
});

test("a changed password signs other browsers out and keeps this one", async ({
  owner,
  browser,
  contextOptions,
}) => {
  const { page, email } = owner;
  const context = await browser.newContext(contextOptions);
  const other = await context.newPage();
  await signIn(other, email, owner.password);
  await expect(other).toHaveURL(/\/overview$/);
  await page.goto("/settings");
  const card = page.getByRole("region", { name: "Password", exact: true });
  await card.getByLabel("Current password").fill("not my password at all");
  await card.getByLabel("New password").fill(freshPassword());
  await card.getByRole("button", { name: "Change password" }).click();
  await expect(card.getByText("That is not your password.")).toBeVisible();
  await card.getByLabel("Current password").fill(owner.password);
  await card.getByRole("button", { name: "Change password" }).click();
  await expect(card.getByText("Your password is changed")).toBeVisible();
  await expect(card.getByLabel("Current password")).toHaveValue("");
  expect(await violationsOf(page)).toEqual([]);
  // An open page notices when its reader comes back to it, and goes to where one signs in again.
  await other.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await expect(other).toHaveURL(/\/login\?ended=1&callbackUrl=%2Foverview$/);
  await expect(other.getByText("You are signed out in this browser.")).toBeVisible();
  await page.goto("/overview");
  await expect(page).toHaveURL(/\/overview$/);
  await context.close();
});

test("without JavaScript the link is pasted", async ({ owner, browser, contextOptions }) => {
  const context = await browser.newContext({ ...contextOptions, javaScriptEnabled: false });
  const page = await context.newPage();
  const link = linkIn(await arrivedMail(owner.email, "Confirm your email address"), "/verify-address");
  await page.goto(link);
  await page.getByLabel("Link from the mail").fill(link);
  await page.getByRole("button", { name: "Confirm address" }).click();
  await expect(page.getByText("counts only where its user is signed in")).toBeVisible();
  await signIn(page, owner.email, owner.password);
  await expect(page).toHaveURL(/\/overview$/);
  await page.goto(link);
  await page.getByLabel("Link from the mail").fill(link);
  await page.getByRole("button", { name: "Confirm address" }).click();
  await expect(page.getByText("Your address is confirmed")).toBeVisible();
  await context.close();
});

test("another address is confirmed from its own mailbox, where its user is signed in, and signs in from then on", async ({
  owner,
  browser,
  contextOptions,
}) => {
  const { page, email, password } = owner;
  const wanted = `new-${email}`;
  await page.goto("/settings");
  const card = page.getByRole("region", { name: "Email address" });
  await card.getByRole("button", { name: "Change address" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("New email address").fill(email.toUpperCase());
  await dialog.getByRole("button", { name: "Send the link" }).click();
  await expect(dialog.getByText("This is your address already.")).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
  await dialog.getByLabel("New email address").fill(wanted.toUpperCase());
  await dialog.getByRole("button", { name: "Send the link" }).click();
  await expect(dialog).toBeHidden();
  await expect(card.getByText(`A link was sent to ${wanted}`)).toBeVisible();
  await arrivedMail(email, "A change of your email address was asked for");
  const link = linkIn(await arrivedMail(wanted, "Confirm your new email address"), "/change-address");

  const context = await browser.newContext(contextOptions);
  const other = await context.newPage();
  await other.goto(link);
  await expect(other).toHaveURL(/\/change-address$/);
  expect(await violationsOf(other)).toEqual([]);
  await other.getByRole("button", { name: "Change address" }).click();
  await expect(other.getByText("counts only where its user is signed in")).toBeVisible();
  await page.goto(link);
  await page.getByRole("button", { name: "Change address" }).click();
  await expect(page.getByText("Your address is changed")).toBeVisible();
  await other.goto("/settings");
  await expect(other, "the link signs nobody in").toHaveURL(/\/login/);
  await fillSignIn(other, wanted, password);
  await expect(other).toHaveURL(/\/settings$/);
  await arrivedMail(email, "Your email address was changed");
  await page.goto("/settings");
  await expect(card.getByText(wanted, { exact: true })).toBeVisible();
  await context.close();
});
