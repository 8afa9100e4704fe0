import { violationsOf } from "./accessible";
import { skipHold } from "./database";
import { configureToken, expect, newInstance, test, tokenModule } from "./fixtures";
import { expectVerdict, program } from "./page-parts";

test("an owner arms the token, and the instance is enforced by itself once its caller sends it", async ({
  owner,
}) => {
  test.slow();
  const { page } = owner;
  const script = program(await newInstance(page, "Night orders"), "python-requests/2.32.0");
  await script.call();
  const token = await configureToken(page);
  await expectVerdict(page, "python-requests", "Waiting");

  await page.getByRole("button", { name: "Activate when ready" }).click();
  const dialog = page.getByRole("dialog", { name: "Activate when ready?" });
  await expect(dialog).toContainText("It waits for 1 caller now.");
  await expect(dialog.getByLabel("Hold time")).toHaveValue("600");
  await dialog.getByLabel("Ask me again").selectOption({ label: "In 7 days" });
  await dialog.getByRole("button", { name: "Activate when ready", exact: true }).click();

  const armed = page.getByRole("region", { name: "Activates when ready" });
  await expect(armed).toContainText("Night orders waiting for 1 of 1: python-requests");
  await expect(armed).toContainText("have been ready for 10 minutes");
  await expect(armed).toContainText("You are asked again");
  expect(await violationsOf(page)).toEqual([]);
  expect(await script.call(), "who is waited for is not rejected").toBe(200);

  await skipHold(owner);
  expect(await script.call(token)).toBe(200);
  await expect(tokenModule(page).getByText("Active", { exact: true })).toBeVisible({ timeout: 20_000 });
  await expect(armed).toBeHidden();
  expect([await script.call(), await script.call(token)]).toEqual([403, 200]);

  await page.goto("/activity");
  const who = `Latchkey, armed by ${owner.email}`;
  const row = page
    .getByRole("row")
    .filter({ hasText: "Enforced the account security token on Night orders" });
  await expect(row.getByRole("cell", { name: who })).toBeVisible();
});
