import { expectAccessibleEverywhere } from "./accessible";
import {
  activateToken,
  configureToken,
  createInstance,
  expect,
  newInstance,
  test,
  tokenModule,
} from "./fixtures";
import { confirmByName, expectVerdict, program, rotateToken, takeNewToken } from "./page-parts";

test("a dialog whose token or rotation another window has changed is closed, and changes nothing", async ({
  owner,
  context,
}) => {
  test.slow();
  const { page } = owner;
  const shop = program(await newInstance(page, "Night orders"), "shop/1");
  await configureToken(page);
  const other = await context.newPage();
  await other.goto("/security");
  const [dialog, theirs] = [page.getByRole("dialog"), other.getByRole("dialog")];
  const alert = tokenModule(page).getByRole("alert");

  await page.getByRole("button", { name: "Activate Token" }).click();
  await expect(dialog).toContainText("pass as before");
  await other.getByRole("button", { name: "Regenerate" }).click();
  await theirs.getByRole("button", { name: "Regenerate" }).click();
  const token = await takeNewToken(other);
  await expect(dialog).toBeHidden();
  await expect(alert).toContainText("changed in the meantime");
  await expect(tokenModule(page).getByText("Disabled", { exact: true })).toBeVisible();
  await expect(tokenModule(page)).toContainText(token.slice(-4));

  await activateToken(page);
  expect(await shop.call(token), "the token that was just shown is alive").toBe(200);
  await rotateToken(page, "Until I finish");
  const box = tokenModule(other).getByText("Two tokens are accepted");
  await expect(box).toBeVisible();
  await page.getByRole("button", { name: "Finish rotation" }).click();
  await expect(dialog).toContainText("1 caller has not called since the new token was made");
  await other.getByRole("button", { name: "Replace now" }).click();
  await expect(theirs).toContainText("Replace both tokens now?");
  await confirmByName(other, "Replace now");
  await takeNewToken(other);
  await expect(dialog).toBeHidden();
  await expect(alert).toContainText("That rotation is over already");
  await expect(alert).toBeInViewport();
  await expect(page.getByRole("button", { name: "Finish rotation" })).toHaveCount(0);

  await page.getByRole("button", { name: "Replace now" }).click();
  await expect(dialog).toContainText("Replace the token now?");
  await expect(dialog).toContainText("cuts off every caller at once");
});

test("an open Activate dialog keeps still while callers change, until its reader looks again", async ({
  owner,
}) => {
  test.slow();
  const { page } = owner;
  await createInstance(page, "Support");
  const script = program(await newInstance(page, "Night orders"), "python-requests/2.32.0");
  const token = await configureToken(page);
  await script.call();
  await expectVerdict(page, "python-requests", "Would be rejected");
  await page.getByRole("button", { name: "Activate Token" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText(
    "“Support” enforces the token from the next call on. The other one stays open.",
  );
  const field = dialog.getByRole("textbox");
  await field.fill("Bake");

  await script.call(token);
  await expect(dialog).toContainText("Callers have changed since you opened this.");
  await expect(field).toHaveValue("Bake");
  await expect(field).toBeFocused();
  await expect(dialog.getByRole("button", { name: "Activate on ready instances" })).toBeVisible();
  await expect(dialog).toContainText("1 caller would be rejected");
  await expectAccessibleEverywhere(page, "activate dialog whose callers have changed");

  await dialog.getByRole("button", { name: "Look again" }).click();
  await expect(dialog).toContainText("nobody would be rejected");
  await expect(dialog).not.toContainText("Callers have changed");

  await script.call();
  await expect(dialog).toContainText("Callers have changed since you opened this.");
  const activate = dialog.getByRole("button", { name: "Activate", exact: true });
  await activate.click();
  await expect(field, "refused: somebody would be rejected by now").toBeFocused();
  await expect(dialog).toContainText("1 caller would be rejected");
  await expect(dialog).not.toContainText("Callers have changed");
  await field.fill(owner.accountName);
  await activate.click();
  await expect(tokenModule(page).getByText("Active", { exact: true })).toBeVisible();
});
